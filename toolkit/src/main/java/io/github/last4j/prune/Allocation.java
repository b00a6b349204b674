package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides how many states each layer keeps by what the model as a whole loses: each layer by itself
 * is pruned to some numbers of states, and the divergence KL(whole ‖ pruned) of the class
 * probabilities is measured on unlabelled sequences. Losses are taken to add up over layers, and
 * the numbers with the smallest sum are found by dynamic programming. Which states a layer keeps is
 * left to the pruning.
 *
 * @param title its name in tables and figures
 * @param pruning what is pruned by
 * @param data unlabelled sequences; some 100 do
 */
public record Allocation(String title, Layerwise pruning, Dataset data) implements Layerwise {
  /** How many numbers of states are tried in each layer, more of them where few stay. */
  private static final int TRIES = 18;

  /** Checks that no part is missing. */
  public Allocation {
    requireNonNull(title, "title");
    requireNonNull(pruning, "pruning");
    Moments.requireData(data);
  }

  /** The same pruning with numbers of states by measured divergence. */
  public static Allocation on(Dataset data, Layerwise pruning) {
    return new Allocation(pruning.title() + ", allocated", pruning, data);
  }

  /** The same by another name. */
  public Allocation titled(String name) {
    return new Allocation(name, pruning, data);
  }

  @Override
  public Prepared prepare(SequenceClassifier model, long seed) {
    Prepared prepared = pruning.prepare(model, seed);
    List<Integer> states = model.config().pairs();
    Divergence divergence = new Divergence(model, data);
    List<Curve> curves = new ArrayList<>();
    for (int l = 0; l < states.size(); l++) {
      List<Integer> tried = tried(states.get(l));
      List<Double> losses = new ArrayList<>();
      for (int count : tried.subList(0, tried.size() - 1)) {
        List<Integer> counts = new ArrayList<>(states);
        counts.set(l, count);
        try (SequenceClassifier pruned = prepared.keep(counts)) {
          losses.add(divergence.of(pruned));
        }
      }
      // Nothing goes.
      losses.add(0.0);
      curves.add(new Curve(tried, losses));
    }
    int total = states.stream().mapToInt(Integer::intValue).sum();
    return new Prepared() {
      @Override
      public List<Integer> counts(double ratio) {
        Scope.requireRatio(ratio);
        return best(curves, Math.max(states.size(), Scope.survivors(total, ratio)));
      }

      @Override
      public SequenceClassifier keep(List<Integer> counts) {
        return prepared.keep(counts);
      }
    };
  }

  /** The numbers that are tried, from one, which a layer may be left with, to all. */
  static List<Integer> tried(int states) {
    double[] shares = new double[TRIES];
    Arrays.setAll(shares, i -> Math.pow((i + 1.0) / TRIES, 1.5));
    IntStream counts =
        Arrays.stream(shares).mapToInt(share -> Math.max(1, (int) Math.round(share * states)));
    return IntStream.concat(IntStream.of(1), counts).distinct().boxed().toList();
  }

  /**
   * What a layer loses.
   *
   * @param counts numbers of states, ascending, the last all of them
   * @param losses in nats a sequence
   */
  record Curve(List<Integer> counts, List<Double> losses) {}

  /** Of all numbers with at most so many states those whose losses have the smallest sum. */
  static List<Integer> best(List<Curve> curves, int most) {
    double[] least = new double[most + 1];
    List<int[]> choices = new ArrayList<>();
    for (Curve curve : curves) {
      double[] next = new double[most + 1];
      int[] choice = new int[most + 1];
      Arrays.fill(next, Double.POSITIVE_INFINITY);
      for (int k = 0; k <= most; k++) {
        for (int i = 0; i < curve.counts().size() && curve.counts().get(i) <= k; i++) {
          double loss = least[k - curve.counts().get(i)] + curve.losses().get(i);
          if (loss < next[k]) {
            next[k] = loss;
            choice[k] = i;
          }
        }
      }
      least = next;
      choices.add(choice);
    }
    // `least` does not rise with k: each entry is over at most k states.
    int left = most;
    int[] picked = new int[curves.size()];
    for (int l = curves.size() - 1; l >= 0; l--) {
      picked[l] = choices.get(l)[left];
      left -= curves.get(l).counts().get(picked[l]);
    }
    return filled(curves, picked, left);
  }

  /** What is left over goes, up to the next number tried, to where a state is worth most. */
  private static List<Integer> filled(List<Curve> curves, int[] picked, int free) {
    int[] counts = new int[picked.length];
    double[] gains = new double[picked.length];
    for (int l = 0; l < counts.length; l++) {
      Curve curve = curves.get(l);
      int i = picked[l];
      counts[l] = curve.counts().get(i);
      boolean last = i == curve.counts().size() - 1;
      gains[l] =
          last
              ? Double.NEGATIVE_INFINITY
              : (curve.losses().get(i) - curve.losses().get(i + 1))
                  / (curve.counts().get(i + 1) - curve.counts().get(i));
    }
    int left = free;
    for (int round = 0; round < counts.length && left > 0; round++) {
      int best = 0;
      for (int l = 1; l < counts.length; l++) {
        best = gains[l] > gains[best] ? l : best;
      }
      if (gains[best] > Double.NEGATIVE_INFINITY) {
        int more = curves.get(best).counts().get(picked[best] + 1) - counts[best];
        int given = Math.min(left, more);
        counts[best] += given;
        left -= given;
        gains[best] = Double.NEGATIVE_INFINITY;
      }
    }
    return Arrays.stream(counts).boxed().toList();
  }
}
