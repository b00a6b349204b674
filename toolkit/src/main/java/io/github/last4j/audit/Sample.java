package io.github.last4j.audit;

import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.norm.PairSystem;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;

/** Layers without feedthrough, as in App. B, with what is removed from each, and an input. */
final class Sample {
  final List<DiscreteSsm> systems;
  final List<PairSystem> layers;

  /** The states that stay. */
  final States kept;

  /** The first layer's input, (steps, channels). */
  final double[][] input;

  Sample(List<DiscreteSsm> systems, States kept, double[][] input) {
    this.systems = systems.stream().map(DiscreteSsm::withoutFeedthrough).toList();
    this.layers = this.systems.stream().map(PairSystem::of).toList();
    this.kept = kept;
    this.input = input;
  }

  /** The first layer. */
  PairSystem layer() {
    return layers.get(0);
  }

  /** The first layer. */
  DiscreteSsm system() {
    return systems.get(0);
  }

  /** The states that stay of the first layer. */
  StateSet kept() {
    return kept.layer(0);
  }

  /** The states that the first layer loses. */
  StateSet removed() {
    return kept().complement();
  }

  static StateSet all(PairSystem layer) {
    return StateSet.all(layer.states);
  }

  /** The response of all states of the first layer to the input. */
  double[][] response() {
    return layer().response(input, all(layer()));
  }

  /** The output of the stack, pruned or whole. */
  double[][] output(Nonlinearity nonlinearity, boolean pruned) {
    double[][] x = input;
    for (int l = 0; l < layers.size(); l++) {
      StateSet taken = pruned ? kept.layer(l) : all(layers.get(l));
      x = nonlinearity.apply(layers.get(l).response(x, taken));
    }
    return x;
  }

  /** The same without the last layer. */
  Sample beforeLast() {
    int count = systems.size() - 1;
    return new Sample(
        systems.subList(0, count), new States(kept.layers().subList(0, count)), input);
  }

  /** The same with one pair removed only, the first of those that the first layer loses. */
  Sample firstRemovalOnly() {
    List<StateSet> others = new ArrayList<>();
    layers.forEach(layer -> others.add(all(layer)));
    removed().indices().limit(1).forEach(i -> others.set(0, others.get(0).without(i)));
    return new Sample(systems, new States(others), input);
  }
}
