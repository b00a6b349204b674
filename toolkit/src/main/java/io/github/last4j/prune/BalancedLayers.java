package io.github.last4j.prune;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.Balancing.Mode;
import io.github.last4j.ssm.Channels;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The layers of a model in balanced coordinates, of which the first stay. */
public final class BalancedLayers implements Layerwise.Prepared {
  /** A balanced state: where it is, and how it compares with others. */
  private record Value(int layer, int part, double worth) {}

  /**
   * A layer.
   *
   * @param parts its parts
   * @param channels the channel of each, 0 where they are of none
   * @param worth of the balanced states of each part, descending
   */
  record Layer(List<Reduction> parts, List<Integer> channels, List<double[]> worth) {
    static Layer of(List<Reduction> parts, List<Integer> channels, Rescaling rescaling) {
      double[] logs =
          parts.stream()
              .flatMapToDouble(part -> Arrays.stream(part.values()))
              .map(value -> 2 * Math.log(value))
              .toArray();
      double[] worth =
          rescaling == Rescaling.LAYER_ENERGY ? Scores.logEnergyNormalized(logs) : logs;
      List<double[]> byPart = new ArrayList<>();
      int first = 0;
      for (Reduction part : parts) {
        int count = part.values().length;
        byPart.add(Arrays.copyOfRange(worth, first, first + count));
        first += count;
      }
      return new Layer(parts, channels, byPart);
    }

    int stored(int part, int order) {
      return parts.get(part).reduced(order).states().size();
    }
  }

  private final SequenceClassifier model;
  private final List<Layer> layers;

  BalancedLayers(SequenceClassifier model, List<Layer> layers) {
    this.model = model;
    this.layers = List.copyOf(layers);
    for (int l = 0; l < layers.size(); l++) {
      if (layers.get(l).worth().stream().allMatch(part -> part.length == 0)) {
        throw new IllegalArgumentException(
            "data: expected sequences that move the states and the decisions, got none that do in"
                + " layer "
                + l);
      }
    }
  }

  @Override
  public List<Integer> counts(double ratio) {
    Scope.requireRatio(ratio);
    List<Integer> states = model.config().pairs();
    int total = states.stream().mapToInt(Integer::intValue).sum();
    if (Scope.survivors(total, ratio) == total) {
      return states;
    }
    Orders orders = new Orders(layers).fill(Scope.survivors(total, ratio));
    return IntStream.range(0, states.size())
        .mapToObj(l -> Math.min(orders.stored(l), states.get(l)))
        .toList();
  }

  @Override
  public SequenceClassifier keep(List<Integer> counts) {
    Layerwise.requireCounts(counts, model.config().pairs());
    try (NDManager scratch = model.manager().newSubManager()) {
      List<DiscreteSsm> systems = new ArrayList<>(model.discreteSystems(scratch));
      for (int l = 0; l < systems.size(); l++) {
        DiscreteSsm whole = systems.get(l);
        if (counts.get(l) < whole.states()) {
          systems.set(l, assembled(whole, layers.get(l), orders(l, counts.get(l))));
        }
      }
      return model.withSystems(systems);
    }
  }

  /**
   * The absolute values of new poles that were on the unit circle or outside it, and were moved
   * into it, for each layer that keeps so many states.
   */
  public List<List<Double>> repaired(List<Integer> counts) {
    List<List<Double>> repaired = new ArrayList<>();
    for (int l = 0; l < layers.size(); l++) {
      List<Double> poles = new ArrayList<>();
      if (counts.get(l) < model.config().pairs().get(l)) {
        int[] orders = orders(l, counts.get(l));
        for (int p = 0; p < orders.length; p++) {
          poles.addAll(layers.get(l).parts().get(p).reduced(orders[p]).repaired());
        }
      }
      repaired.add(poles);
    }
    return repaired;
  }

  private int[] orders(int layer, int count) {
    return new Orders(List.of(layers.get(layer))).fill(count).orders.get(0);
  }

  /** How many balanced states each part keeps. */
  private static final class Orders {
    private final List<Layer> layers;
    private final List<int[]> orders;

    Orders(List<Layer> layers) {
      this.layers = layers;
      orders = layers.stream().map(layer -> new int[layer.parts().size()]).toList();
    }

    /**
     * One threshold over all: as many of the worthiest as are not stored as more than so many
     * states, but at least one stored state a layer. Where an order has a real pole, the next may
     * have a pair in its place, so that what is free at last goes to those next in worth.
     */
    Orders fill(int most) {
      List<Value> all = new ArrayList<>();
      for (int l = 0; l < layers.size(); l++) {
        for (int p = 0; p < orders.get(l).length; p++) {
          for (double worth : layers.get(l).worth().get(p)) {
            all.add(new Value(l, p, worth));
          }
        }
      }
      all.sort(Comparator.comparingDouble(Value::worth).reversed());
      int taken = Math.min(all.size(), 2 * most);
      all.subList(0, taken).forEach(value -> orders.get(value.layer())[value.part()]++);
      for (int l = 0; l < layers.size(); l++) {
        int layer = l;
        if (stored(l) == 0) {
          Value best =
              all.stream().filter(value -> value.layer() == layer).findFirst().orElseThrow();
          orders.get(l)[best.part()] = layers.get(l).stored(best.part(), 2) == 1 ? 2 : 1;
        }
      }
      while (stored() > most && taken > 0) {
        Value last = all.get(--taken);
        add(last, -1);
        if (stored(last.layer()) == 0) {
          add(last, 1);
        }
      }
      for (Value next : all.subList(taken, all.size())) {
        int free = most - stored();
        if (free <= 0) {
          break;
        }
        add(next, 1);
        if (stored() > most) {
          add(next, -1);
        }
      }
      return this;
    }

    private void add(Value value, int count) {
      int[] of = orders.get(value.layer());
      int limit = layers.get(value.layer()).worth().get(value.part()).length;
      of[value.part()] = Math.max(0, Math.min(limit, of[value.part()] + count));
    }

    int stored(int layer) {
      int sum = 0;
      for (int p = 0; p < orders.get(layer).length; p++) {
        sum += layers.get(layer).stored(p, orders.get(layer)[p]);
      }
      return sum;
    }

    private int stored() {
      return IntStream.range(0, layers.size()).map(this::stored).sum();
    }
  }

  /** The layer in place of another, with the ports that this one has. */
  private static DiscreteSsm assembled(DiscreteSsm whole, Layer layer, int[] orders) {
    List<Mode> states = new ArrayList<>();
    List<Integer> channels = new ArrayList<>();
    for (int p = 0; p < orders.length; p++) {
      for (Mode state : layer.parts().get(p).reduced(orders[p]).states()) {
        states.add(state);
        channels.add(layer.channels().get(p));
      }
    }
    DiscreteSsm system = assembled(whole.margin().getManager(), states);
    return whole
        .channels()
        .map(all -> Channels.of(all.count(), channels.stream().mapToInt(k -> k).toArray()))
        .map(system::withChannels)
        .orElse(system);
  }

  /** Of states that share all their inputs and outputs. */
  private static DiscreteSsm assembled(NDManager manager, List<Mode> states) {
    int n = states.size();
    int h = states.get(0).input().size();
    int directions = states.get(0).outputs().size();
    double[][] poles = new double[3][n];
    double[][] b = new double[2][n * h];
    double[][] c = new double[2 * directions][h * n];
    for (int i = 0; i < n; i++) {
      Mode state = states.get(i);
      poles[0][i] = state.pole().getReal();
      poles[1][i] = state.pole().getImaginary();
      poles[2][i] = 1 - state.pole().norm();
      for (int k = 0; k < state.input().size(); k++) {
        b[0][i * h + k] = state.input().get(k).getReal();
        b[1][i * h + k] = state.input().get(k).getImaginary();
      }
      for (int d = 0; d < directions; d++) {
        for (int o = 0; o < state.outputs().get(d).size(); o++) {
          c[2 * d][o * n + i] = state.outputs().get(d).get(o).getReal();
          c[2 * d + 1][o * n + i] = state.outputs().get(d).get(o).getImaginary();
        }
      }
    }
    Shape columns = new Shape(h, n);
    DiscreteSsm system =
        new DiscreteSsm(
            Matrices.complex(manager, poles[0], poles[1], new Shape(n)),
            manager.create(poles[2]),
            Matrices.complex(manager, b[0], b[1], new Shape(n, h)),
            Matrices.complex(manager, c[0], c[1], columns),
            Optional.empty(),
            Optional.empty());
    return directions == 1
        ? system
        : system.withBackwardC(Matrices.complex(manager, c[2], c[3], columns));
  }
}
