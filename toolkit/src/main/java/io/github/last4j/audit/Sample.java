package io.github.last4j.audit;

import ai.djl.ndarray.NDArray;
import io.github.last4j.norm.Signals;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Layers without feedthrough, as in App. B, with what is removed from each, and an input. */
public final class Sample {
  final List<Layer> layers;

  /** The first layer's input, (steps, channels). */
  final double[][] input;

  private Sample(List<Layer> layers, double[][] input) {
    this.layers = List.copyOf(layers);
    this.input = input;
  }

  /**
   * One layer, or a stack of them with σ after each.
   *
   * @param layers stable layers, as many outputs of each as the next has inputs
   * @param kept the states that stay
   * @param input the first layer's input, shape (L, channels)
   * @throws IllegalArgumentException if the states are those of other layers
   */
  public static Sample of(List<DiscreteSsm> layers, States kept, NDArray input) {
    kept.requireStates("kept", layers.stream().map(DiscreteSsm::states).toList());
    return of(layers, kept, Signals.of(input));
  }

  static Sample of(List<DiscreteSsm> systems, States kept, double[][] input) {
    return new Sample(
        IntStream.range(0, systems.size())
            .mapToObj(l -> Layer.of(systems.get(l), kept.layer(l)))
            .toList(),
        input);
  }

  /** The first layer. */
  Layer layer() {
    return layers.get(0);
  }

  Layer last() {
    return layers.get(layers.size() - 1);
  }

  boolean isStacked() {
    return layers.size() > 1;
  }

  boolean isBidirectional() {
    return layer().system().bidirectional();
  }

  List<DiscreteSsm> systems() {
    return layers.stream().map(Layer::system).toList();
  }

  States kept() {
    return new States(layers.stream().map(Layer::kept).toList());
  }

  /** ‖u‖². */
  double inputEnergy() {
    return Signals.energy(input);
  }

  /** What all states of the first layer answer. */
  double[][] response() {
    return layer().response(input);
  }

  /** The output of the stack, after the last σ. */
  double[][] output() {
    return through(Layer::response);
  }

  /** The output of what remains of it. */
  double[][] prunedOutput() {
    return through(Layer::keptResponse);
  }

  private double[][] through(BiFunction<Layer, double[][], double[][]> response) {
    double[][] x = input;
    for (Layer layer : layers) {
      x = Sigma.of(response.apply(layer, x));
    }
    return x;
  }

  /** The energy that is lost after the last σ. */
  double loss() {
    return Signals.distance(output(), prunedOutput());
  }

  /** The same without the last layer. */
  Sample beforeLast() {
    return new Sample(layers.subList(0, layers.size() - 1), input);
  }

  /** The same with one pair removed only, the first of those that the first layer loses. */
  Sample firstRemovalOnly() {
    List<Layer> others = new ArrayList<>();
    layers.forEach(layer -> others.add(layer.keep(layer.all())));
    StateSet all = layer().all();
    layer().removed().indices().limit(1).forEach(i -> others.set(0, layer().keep(all.without(i))));
    return new Sample(others, input);
  }

  /** The first state that the first layer loses. */
  int firstRemoved() {
    return layer().removed().indices().findFirst().orElseThrow();
  }
}
