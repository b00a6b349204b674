package io.github.last4j.audit;

import io.github.last4j.norm.PairSystem;
import io.github.last4j.norm.Signals;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.prune.Loss;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A layer without feedthrough, as in App. B.
 *
 * @param system the layer
 * @param pairs the same in plain arrays
 * @param kept the states that stay
 */
record Layer(DiscreteSsm system, PairSystem pairs, StateSet kept) {
  static Layer of(DiscreteSsm system, StateSet kept) {
    DiscreteSsm linear = system.withoutFeedthrough();
    return new Layer(linear, PairSystem.of(linear), kept);
  }

  /** The same with other states that stay. */
  Layer keep(StateSet others) {
    return new Layer(system, pairs, others);
  }

  int states() {
    return pairs.states;
  }

  StateSet all() {
    return StateSet.all(states());
  }

  StateSet removed() {
    return kept.complement();
  }

  double[][] response(double[][] input) {
    return pairs.response(input, all());
  }

  double[][] keptResponse(double[][] input) {
    return pairs.response(input, kept);
  }

  double[][] removedResponse(double[][] input) {
    return pairs.response(input, removed());
  }

  /** The upper end of ‖Σ‖∞. */
  double norm() {
    return norm(all());
  }

  /** The upper end of the norm of some states together. */
  double norm(StateSet part) {
    return Loss.worstCase(system).of(part);
  }

  /** ‖Gᵢ‖∞ of every complex state (Eq. 5). */
  double[] norms() {
    return StateNorms.values(system);
  }

  double stateNorm(int i) {
    return norms()[i];
  }

  /** The norm of a state and its conjugate together. */
  double pairNorm(int i) {
    return norm(StateSet.of(states(), i));
  }

  /** ‖B̄ᵢ‖². */
  double inward(int i) {
    return square(pairs.bRe[i], pairs.bIm[i]);
  }

  /** ‖Cᵢ‖², forwards. */
  double outward(int i) {
    return square(pairs.cRe[i], pairs.cIm[i]);
  }

  /** ‖Σᵢu‖² of one complex state, forwards. */
  double energy(int i, double[][] input) {
    double[][] x = pairs.trajectory(i, input);
    return square(x[0], x[1]) * outward(i);
  }

  /** The same of both states of every removed pair, each by itself, summed. */
  double separateEnergy(double[][] input) {
    return sum(removed().indices(), i -> 2 * energy(i, input));
  }

  /** ‖Σᵢu‖² over ‖Gᵢ‖∞²‖u‖² of every complex state, forwards. */
  double[] gains(double[][] input) {
    double[] norms = norms();
    double energy = Signals.energy(input);
    return IntStream.range(0, states())
        .mapToDouble(i -> Relation.AT_MOST.ratio(energy(i, input), square(norms[i]) * energy))
        .toArray();
  }

  /** The sum over some states, in their order. */
  static double sum(IntStream states, IntToDoubleFunction value) {
    // Plainly: streams compensate their sums.
    return states.mapToDouble(value).reduce(0, Double::sum);
  }

  /** The states of the smallest norms first. */
  static int[] ascending(double[] norms) {
    return IntStream.range(0, norms.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> norms[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  static double square(double x) {
    return x * x;
  }

  /** ‖v‖² of a complex vector. */
  static double square(double[] re, double[] im) {
    return sum(IntStream.range(0, re.length), k -> re[k] * re[k] + im[k] * im[k]);
  }
}
