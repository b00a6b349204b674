package io.github.last4j.bound;

import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;

/** Layers without feedthrough, as in App. B, with what is removed from each, and an input. */
final class Sample {
  final List<DiscreteSsm> systems;
  final List<Layer> layers;

  /** One array a layer, true where a state survives. */
  final boolean[][] kept;

  /** The first layer's input, (steps, channels). */
  final double[][] input;

  Sample(List<DiscreteSsm> systems, boolean[][] kept, double[][] input) {
    this.systems = systems.stream().map(Norms::withoutFeedthrough).toList();
    this.layers = this.systems.stream().map(Layer::new).toList();
    this.kept = kept;
    this.input = input;
  }

  /** The first layer. */
  Layer layer() {
    return layers.get(0);
  }

  /** The first layer. */
  DiscreteSsm system() {
    return systems.get(0);
  }

  boolean[] removed() {
    boolean[] removed = kept[0].clone();
    for (int i = 0; i < removed.length; i++) {
      removed[i] = !removed[i];
    }
    return removed;
  }

  static boolean[] all(int states) {
    boolean[] all = new boolean[states];
    Arrays.fill(all, true);
    return all;
  }

  /** The output of the stack, pruned or whole. */
  double[][] output(Nonlinearity nonlinearity, boolean pruned) {
    double[][] x = input;
    for (int l = 0; l < layers.size(); l++) {
      boolean[] taken = pruned ? kept[l] : all(layers.get(l).states);
      x = nonlinearity.apply(layers.get(l).states(x, taken));
    }
    return x;
  }

  /** The same without the last layer. */
  Sample beforeLast() {
    int count = systems.size() - 1;
    return new Sample(systems.subList(0, count), Arrays.copyOf(kept, count), input);
  }

  /** The same with one pair removed only, the first of those that the first layer loses. */
  Sample firstRemovalOnly() {
    boolean[][] others = new boolean[kept.length][];
    for (int l = 0; l < kept.length; l++) {
      others[l] = all(kept[l].length);
    }
    boolean[] removed = removed();
    for (int i = 0; i < removed.length; i++) {
      if (removed[i]) {
        others[0][i] = false;
        break;
      }
    }
    return new Sample(systems, others, input);
  }
}
