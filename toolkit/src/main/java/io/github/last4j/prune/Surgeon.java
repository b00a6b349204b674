package io.github.last4j.prune;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * What a state is worth by what no other can make up for: the {@link Elimination} of states on real
 * inputs. A state's number is the share of its layer's energy that has gone when it goes, with all
 * that went before. To be had it wants a {@link Refit}.
 *
 * <p>In S4D every channel has its own elimination; the states of all channels go in the order of
 * what each costs, or one that went before it in its channel.
 */
public final class Surgeon {
  private Surgeon() {}

  /**
   * The selection.
   *
   * @param data unlabelled sequences; some 100 do
   * @throws IllegalArgumentException if there are none
   */
  public static Calibrated on(Dataset data) {
    Moments.requireData(data);
    return Calibrated.onParts("Surgeon", (model, parts) -> scores(model, parts, data));
  }

  /** A state that goes: what goes with it, and the largest such number of its part up to it. */
  private record Step(int state, double cost, double rank) {}

  private static List<double[]> scores(
      SequenceClassifier model, List<List<Part>> parts, Dataset data) {
    List<List<R064Store>> moments = Moments.states(model, parts, data);
    List<double[]> scores = new ArrayList<>();
    for (int l = 0; l < parts.size(); l++) {
      List<Step> steps = new ArrayList<>();
      double energy = 0;
      for (int p = 0; p < parts.get(l).size(); p++) {
        Part part = parts.get(l).get(p);
        MatrixStore<Double> weights = part.weights();
        MatrixStore<Double> moment = moments.get(l).get(p);
        energy += trace(weights.multiply(moment).multiply(weights.transpose()));
        steps.addAll(steps(part, Elimination.of(part, weights, moment)));
      }
      scores.add(shares(steps, energy));
    }
    return scores;
  }

  private static double trace(MatrixStore<Double> matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.countRows(); i++) {
      sum += matrix.doubleValue(i, i);
    }
    return sum;
  }

  private static List<Step> steps(Part part, Elimination elimination) {
    int[] states = part.states().indices().toArray();
    List<Step> steps = new ArrayList<>();
    double rank = 0;
    for (int i = 0; i < states.length; i++) {
      double cost = elimination.costs().get(i);
      rank = Math.max(rank, cost);
      steps.add(new Step(states[elimination.order().get(i)], cost, rank));
    }
    return steps;
  }

  private static double[] shares(List<Step> steps, double energy) {
    double[] shares = new double[steps.size()];
    double gone = 0;
    for (Step step : steps.stream().sorted(Comparator.comparingDouble(Step::rank)).toList()) {
      gone += step.cost();
      shares[step.state()] = energy > 0 ? gone / energy : 0;
    }
    return shares;
  }
}
