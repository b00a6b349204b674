package io.github.last4j.audit;

import static io.github.last4j.audit.Claim.ours;
import static io.github.last4j.audit.Claim.printed;
import static io.github.last4j.audit.Layer.square;
import static io.github.last4j.audit.Numbers.POLE;
import static io.github.last4j.audit.Systems.LAYER_DRIVEN;
import static io.github.last4j.audit.Systems.PAIR_DRIVEN_LONG;

import io.github.last4j.audit.Numbers.Range;
import io.github.last4j.norm.Signals;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.complex.Complex;

/** Sec. 2: discretisation and the H∞ norm. */
final class Section2 {
  private static final Numbers FED_THROUGH =
      Numbers.of(
          new Range("|λ̄|", 0, 0.98),
          new Range("arg λ̄", 0, Math.PI),
          new Range("Re CB̄", -2, 2),
          new Range("Im CB̄", -2, 2),
          new Range("D", -3, 3));

  static final List<Claim<?>> CLAIMS =
      List.of(
          printed(
                  "1",
                  "Sec. 2.2",
                  "B̄ = Λ⁻¹(Λ̄ - I)B is the response ∫₀^Δ exp(Λs)B ds to an input held for a step")
              .on(POLE)
              .equal(Section2::heldInput),
          ours(
                  "1a",
                  "Sec. 2.2",
                  "x(k+1) = Λ̄x(k) + B̄u(k), y(k) = Cx(k) + Du(k) has the gain of the models, in"
                      + " which y(k) sees u(k) through the state")
              .on(FED_THROUGH)
              .equal(
                  x -> largest(x, z -> pair(x, z).add(x[4])),
                  x -> largest(x, z -> pair(x, z).multiply(z).add(x[4])))
              .repaired(
                  "without D the two differ by one step of delay, which changes no gain",
                  x -> largest(x, z -> pair(x, z)),
                  x -> largest(x, z -> pair(x, z).multiply(z))),
          printed("2", "Sec. 2.3", "‖y‖² ≤ ‖G‖∞²‖u‖²")
              .on(PAIR_DRIVEN_LONG, LAYER_DRIVEN)
              .atMost(
                  s -> Signals.energy(s.response()),
                  s -> square(s.layer().norm()) * s.inputEnergy()));

  private Section2() {}

  /** |B̄/B| by the closed form against Simpson's rule for ∫₀^Δ exp(λs) ds; x = (Re λ, Im λ, Δ). */
  static double heldInput(double[] x) {
    Complex lambda = new Complex(x[0], x[1]);
    Complex closed = closedForm(x);
    int panels = 400;
    Complex sum = Complex.ZERO;
    for (int k = 0; k <= 2 * panels; k++) {
      double weight = k == 0 || k == 2 * panels ? 1 : k % 2 == 1 ? 4 : 2;
      sum = sum.add(lambda.multiply(x[2] * k / (2 * panels)).exp().multiply(weight));
    }
    Complex integral = sum.multiply(x[2] / (6 * panels));
    return 1 + closed.subtract(integral).abs() / integral.abs();
  }

  /** B̄ for B = 1. */
  static Complex closedForm(double[] x) {
    Complex lambda = new Complex(x[0], x[1]);
    return lambda.multiply(x[2]).exp().subtract(1).divide(lambda);
  }

  /** The largest |gain| on the circle; the pole's angle is x[1]. */
  private static double largest(double[] x, UnaryOperator<Complex> gain) {
    return Circle.largest(theta -> gain.apply(Circle.at(theta)).abs(), x[1]);
  }

  /** CB̄/(z - λ̄) and its conjugate; x = (|λ̄|, arg λ̄, Re CB̄, Im CB̄, …). */
  private static Complex pair(double[] x, Complex z) {
    Complex pole = new Complex(x[0] * Math.cos(x[1]), x[0] * Math.sin(x[1]));
    Complex residue = new Complex(x[2], x[3]);
    Complex first = residue.divide(z.subtract(pole));
    return first.add(residue.conjugate().divide(z.subtract(pole.conjugate())));
  }
}
