package io.github.last4j.audit;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/** The unit circle, on which gains are measured. */
final class Circle {
  private static final int POINTS = 256;

  private Circle() {}

  /** z = exp(jθ). */
  static Complex at(double theta) {
    return new Complex(Math.cos(theta), Math.sin(theta));
  }

  /** The largest gain over θ, from a grid and the angle given, refined. */
  static double largest(DoubleUnaryOperator gain, double angle) {
    double step = 2 * Math.PI / POINTS;
    double best = gain.applyAsDouble(angle);
    double centre = angle;
    for (int k = 0; k < POINTS; k++) {
      double value = gain.applyAsDouble(k * step);
      if (value > best) {
        best = value;
        centre = k * step;
      }
    }
    double refined =
        new BrentOptimizer(1e-10, 1e-12)
            .optimize(
                new MaxEval(200),
                GoalType.MAXIMIZE,
                new UnivariateObjectiveFunction(gain::applyAsDouble),
                new SearchInterval(centre - step, centre + step, centre))
            .getValue();
    return Math.max(best, refined);
  }
}
