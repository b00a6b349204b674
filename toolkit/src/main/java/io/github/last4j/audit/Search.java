package io.github.last4j.audit;

import io.github.last4j.progress.Interruption;
import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.Well19937c;

/**
 * An adversarial search: the covariance matrix adaptation evolution strategy, restarted, on the
 * ratio of a claim's two sides.
 *
 * @param evaluations of the ratio at most, over all restarts
 * @param restarts from random points
 * @param seed what points are drawn from
 */
record Search(int evaluations, int restarts, long seed) {
  private static final double SPREAD = 1.5;

  /** The worst point of a domain: numbers of the domain, not of the search. */
  double[] worst(Domain<?> domain, ToDoubleFunction<double[]> ratio) {
    int dimension = domain.dimension();
    if (dimension == 0) {
      return new double[0];
    }
    Best best = new Best(domain, ratio);
    // The ledger's points are its draws. The first one hardly differs between small seeds, but is
    // only a half of the first restart's own seed.
    Random random = new Random(seed);
    double[] sigma = new double[dimension];
    Arrays.fill(sigma, 1);
    int population = 4 + (int) (3 * Math.log(dimension));
    for (int restart = 0; restart < restarts; restart++) {
      CMAESOptimizer optimizer =
          new CMAESOptimizer(
              Integer.MAX_VALUE,
              Double.POSITIVE_INFINITY,
              true,
              0,
              0,
              new Well19937c(random.nextLong()),
              false,
              null);
      try {
        optimizer.optimize(
            new MaxEval(Math.max(population, evaluations / restarts)),
            new ObjectiveFunction(best::ratio),
            GoalType.MAXIMIZE,
            new InitialGuess(draw(random, dimension)),
            SimpleBounds.unbounded(dimension),
            new CMAESOptimizer.Sigma(sigma),
            new CMAESOptimizer.PopulationSize(population));
      } catch (TooManyEvaluationsException spent) {
        // That is how a restart ends; the best point is kept outside.
      }
    }
    return best.point;
  }

  static double[] draw(Random random, int dimension) {
    double[] point = new double[dimension];
    Arrays.setAll(point, i -> SPREAD * random.nextGaussian());
    return point;
  }

  private static final class Best {
    private final Domain<?> domain;
    private final ToDoubleFunction<double[]> ratio;
    private double value = Double.NEGATIVE_INFINITY;
    private double[] point;

    Best(Domain<?> domain, ToDoubleFunction<double[]> ratio) {
      this.domain = domain;
      this.ratio = ratio;
    }

    double ratio(double[] free) {
      Interruption.check("the search for counterexamples");
      double[] natural = domain.natural(free);
      double found = ratio.applyAsDouble(natural);
      if (Double.isNaN(found)) {
        // Such points are outside of what the claim speaks about.
        return -1;
      }
      if (point == null || found > value) {
        value = found;
        point = natural;
      }
      return found;
    }
  }
}
