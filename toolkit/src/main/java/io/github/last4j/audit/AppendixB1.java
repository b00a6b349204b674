package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Relation.AT_MOST;
import static io.github.last4j.audit.Systems.LAYER_DRIVEN;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN_LONG;

import io.github.last4j.norm.FrequencyResponse;
import io.github.last4j.norm.Signals;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** App. B.1: the H∞ norm bounds the energy gain. */
final class AppendixB1 {
  private static final int FREQUENCIES = 64;

  static final List<Claim<?>> CLAIMS =
      List.of(
          printed("12, 13", "App. B.1", "‖y‖² = ‖Y‖² = ‖GU‖² = 1/2π ∫‖G(exp jθ)U(exp jθ)‖² dθ")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .equal(
                  s -> Signals.energy(s.layer().response(Spectrum.padded(s))),
                  s -> Spectrum.mean(s, u -> u.energy(s.layer().all()))),
          printed("13a", "App. B.1", "‖GU‖² ≤ ‖G‖²‖U‖² at every frequency")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .atMost(
                  s ->
                      spectra(s)
                          .mapToDouble(
                              u ->
                                  AT_MOST.ratio(
                                      u.energy(s.layer().all()), gain(s, u) * u.inputEnergy()))
                          .max()
                          .orElseThrow()),
          printed("13b", "App. B.1", "∫‖G‖²‖U‖² ≤ sup‖G‖²·∫‖U‖²")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .atMost(
                  s ->
                      spectra(s)
                          .mapToDouble(u -> gain(s, u) * u.inputEnergy())
                          .reduce(0, Double::sum),
                  s ->
                      square(s.layer().norm())
                          * spectra(s).mapToDouble(Spectrum::inputEnergy).reduce(0, Double::sum)));

  private AppendixB1() {}

  /** The first layer's input at some frequencies. */
  private static Stream<Spectrum> spectra(Sample s) {
    return IntStream.range(0, FREQUENCIES)
        .mapToObj(k -> new Spectrum(s.layer().pairs(), s.input, Math.PI * (k + 0.5) / FREQUENCIES));
  }

  /** ‖G‖² at a frequency. */
  private static double gain(Sample s, Spectrum at) {
    return square(FrequencyResponse.singularValues(s.layer().system(), at.theta)[0][0]);
  }
}
