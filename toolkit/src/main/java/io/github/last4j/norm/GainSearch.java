package io.github.last4j.norm;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Branch and bound for the largest gain over θ in [0, π] (a real system's gain is even in θ).
 *
 * <p><b>Between samples.</b> For unit vectors u, v the function h(θ) = Re u*G(θ)v has |h''| ≤ M on
 * an interval [a, b] where M bounds ‖G''‖, so that it exceeds its chord by at most M(b-a)²/8.
 * Taking the supremum over u and v,
 *
 * <p>σ<sub>max</sub>(G(θ)) ≤ max(σ<sub>max</sub>(G(a)), σ<sub>max</sub>(G(b))) + M(b-a)²/8.
 *
 * <p>The bound M comes from the known poles ({@link GainKernel#bounds}).
 *
 * <p><b>At a sample.</b> With any orthonormal V, the Hermitian H = G*G in the basis (V, V⊥) has the
 * blocks A = V*HV, R = HV - VA, and a last one whose norm is at most its trace τ = ‖G‖<sub>F</sub>²
 * - tr A. So λ<sub>max</sub>(H) is at most the larger eigenvalue of the 2×2 matrix of
 * λ<sub>max</sub>(A), ‖R‖ and τ. V comes from subspace iteration, and the bound is sharp as soon as
 * ‖R‖ is small and τ lies below the largest eigenvalue. Where τ does not, which a feedthrough
 * brings about, Cholesky's factorisation of γ²I - H decides.
 */
final class GainSearch {
  private static final int LARGEST_RANK = 14;
  private static final int STEPS = 12;
  private static final int MOST_NODES = 4_000_000;

  private final GainKernel kernel;
  private final int inputs;
  private final int outputs;
  private final double feedthrough;
  private final double relativeTolerance;

  private final double[][] vRe;
  private final double[][] vIm;
  private final double[][] xRe;
  private final double[][] xIm;
  private final double[][] yRe;
  private final double[][] yIm;
  private final double[][] aRe;
  private final double[][] aIm;
  private final double[][] wRe;
  private final double[][] wIm;
  private double[] gRe;
  private double[] gIm;
  private double[] hRe;
  private double[] hIm;
  private final int[] order = new int[LARGEST_RANK];
  private final double[] values = new double[LARGEST_RANK];
  private int rank;

  // Of the last product: what Gershgorin leaves, λmax(A) and tr A.
  private double offDiagonal;
  private double top;
  private double trace;

  private double lower;
  private double peak;
  private double limit;

  /** Where terms cancel to less than this, rounding leaves nothing to resolve. */
  private double floor;

  private final Map<Double, Sample> samples = new HashMap<>();

  /** Counts, for benchmarks and tests. */
  int nodes;

  int evaluations;
  int steps;
  int factorizations;

  /** What is known of σ_max at one θ. */
  private static final class Sample {
    double low;
    double high = Double.POSITIVE_INFINITY;
  }

  private record Interval(double low, double high, int depth) {}

  GainSearch(PairSystem system, double relativeTolerance) {
    PairSystem oriented = system.outputs < system.inputs ? system.transpose() : system;
    kernel = new GainKernel(oriented);
    this.relativeTolerance = relativeTolerance;
    inputs = oriented.inputs;
    outputs = oriented.outputs;
    feedthrough = oriented.feedthroughNorm();
    int most = Math.min(inputs, LARGEST_RANK);
    vRe = new double[most][inputs];
    vIm = new double[most][inputs];
    xRe = new double[most][outputs];
    xIm = new double[most][outputs];
    yRe = new double[most][inputs];
    yIm = new double[most][inputs];
    aRe = new double[most][most];
    aIm = new double[most][most];
    wRe = new double[most][most];
    wIm = new double[most][most];
    if (inputs <= 8) {
      // The whole space: every value is exact but for rounding.
      rank = inputs;
      for (int i = 0; i < rank; i++) {
        vRe[i][i] = 1;
      }
    } else {
      rank = 3;
      for (int i = 0; i < rank; i++) {
        randomize(i);
      }
      orthonormalize(vRe, vIm);
    }
  }

  /** Runs the search. */
  HinfNorm run() {
    kernel.at(0);
    if (kernel.rounding() == 0) {
      return HinfNorm.of(0, 0, 0);
    }
    double[] turns = breakpoints();
    findPeak(turns);
    double upper = lower;
    Deque<Interval> open = new ArrayDeque<>();
    for (int i = turns.length - 2; i >= 0; i--) {
      open.push(new Interval(turns[i], turns[i + 1], 0));
    }
    while (!open.isEmpty()) {
      Interval interval = open.pop();
      nodes++;
      double bound = bound(interval);
      if (Double.isNaN(bound)) {
        double middle = 0.5 * (interval.low + interval.high);
        open.push(new Interval(middle, interval.high, interval.depth + 1));
        open.push(new Interval(interval.low, middle, interval.depth + 1));
      } else {
        upper = Math.max(upper, bound);
      }
    }
    if (!(upper < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "ssm: expected a norm in the range of double precision, got " + upper);
    }
    return HinfNorm.of(lower, upper, peak);
  }

  /** An upper bound of the gain on the interval, or NaN where it has to be split. */
  private double bound(Interval interval) {
    GainKernel.Bounds bounds = kernel.bounds(interval.low, interval.high);
    double gain = bounds.gain() + feedthrough;
    if (gain <= limit) {
      return gain;
    }
    double width = interval.high - interval.low;
    double excess = bounds.curvature() * width * width / 8 * (1 + 1e-10);
    double middle = 0.5 * (interval.low + interval.high);
    boolean last =
        nodes > MOST_NODES
            || !(interval.low < middle && middle < interval.high)
            || excess < 0.02 * relativeTolerance * limit;
    if (!last && excess > 0.5 * limit) {
      return Double.NaN;
    }
    double target = limit - excess;
    double left = certify(interval.low, target, last);
    if (!last && !(left + excess <= limit)) {
      return Double.NaN;
    }
    double right = certify(interval.high, limit - excess, last);
    double bound = Math.min(gain, Math.max(left, right) + excess);
    return last || bound <= limit ? bound : Double.NaN;
  }

  /** An upper bound of σ_max(θ), as good as it takes to meet the target if that can be. */
  private double certify(double theta, double target, boolean last) {
    Sample sample = samples.computeIfAbsent(theta, t -> new Sample());
    if (sample.high <= target || (sample.low > target && !last)) {
      return sample.high;
    }
    evaluations++;
    kernel.at(theta);
    double error = kernel.rounding();
    double frobenius = feedthrough > 0 ? Double.POSITIVE_INFINITY : kernel.frobeniusSquared();
    sample.high = Math.min(sample.high, Math.sqrt(frobenius) * (1 + 1e-14));
    if (sample.high <= target) {
      return sample.high;
    }
    double before = Double.POSITIVE_INFINITY;
    double low = sample.low;
    for (int step = 0; step < STEPS; step++) {
      double residual = ritz();
      double value = Math.sqrt(top);
      double sum = trace;
      low = Math.max(low, value - error);
      sample.low = low;
      double tail =
          rank == inputs
              ? 0
              : Math.max(0, frobenius - sum)
                  + (2 * rank * error * value + error * error)
                  + 1e-13 * sum;
      double high = Math.sqrt(larger(top + offDiagonal, residual, tail)) * (1 + 1e-14) + error;
      sample.high = Math.min(sample.high, high);
      if (sample.high <= target) {
        shrink(frobenius, target);
        return sample.high;
      }
      rotate();
      if (low > target && !last) {
        improve(theta, low);
        return sample.high;
      }
      boolean tailTooLarge = tail > 0.9 * target * target;
      boolean settled =
          residual * residual <= 1e-3 * (target - value) * target * target
              || (step > 2 && value - before < 0.02 * Math.abs(target - value));
      if (feedthrough > 0
          ? (rank == inputs || settled)
          : (rank == inputs || (tailTooLarge && rank == vRe.length && step > 3))) {
        break;
      }
      before = value;
      if (tailTooLarge || (settled && feedthrough == 0)) {
        grow();
      }
      next();
    }
    improve(theta, low);
    if (rank < inputs && (low < target || last)) {
      factorize(sample, low, target, error, last);
    }
    return sample.high;
  }

  private static double larger(double a, double off, double b) {
    if (Double.isInfinite(b)) {
      return b;
    }
    double half = 0.5 * (a - b);
    return 0.5 * (a + b) + Math.sqrt(half * half + off * off);
  }

  /** Raises the lower bound, and climbs from there, where a sample exceeds it. */
  private void improve(double theta, double value) {
    if (value > lower * (1 + 0.1 * relativeTolerance)) {
      lower = value;
      peak = theta;
      limit = Math.max(floor, lower * (1 + 0.95 * relativeTolerance));
      climb(theta);
      kernel.at(theta);
    }
  }

  /** Cholesky's test, first near the estimate and then at the target. */
  private void factorize(Sample sample, double low, double target, double error, boolean last) {
    if (gRe == null) {
      gRe = new double[outputs * inputs];
      gIm = new double[outputs * inputs];
      hRe = new double[inputs * inputs];
      hIm = new double[inputs * inputs];
    }
    kernel.matrix(gRe, gIm);
    gramOfGain();
    double[] levels =
        last
            ? new double[] {target, limit, lower * (1 + 2 * relativeTolerance), 1.01 * lower}
            : new double[] {low + 0.4 * (target - low), target};
    for (double level : levels) {
      if (level < low || level >= sample.high) {
        continue;
      }
      factorizations++;
      double reduced = Math.max(0, level - 2 * error);
      if (SmallHermitian.below(inputs, hRe, hIm, reduced * reduced)) {
        sample.high = level;
        return;
      }
    }
  }

  private void gramOfGain() {
    Arrays.fill(hRe, 0);
    Arrays.fill(hIm, 0);
    for (int o = 0; o < outputs; o++) {
      int at = o * inputs;
      for (int i = 0; i < inputs; i++) {
        double r = gRe[at + i];
        double s = gIm[at + i];
        int row = i * inputs;
        // H[i][k] = conj(G[o][i])·G[o][k], lower triangle.
        for (int k = 0; k <= i; k++) {
          hRe[row + k] += r * gRe[at + k] + s * gIm[at + k];
          hIm[row + k] += r * gIm[at + k] - s * gRe[at + k];
        }
      }
    }
  }

  /**
   * One product with G*G: A = V*G*GV diagonalised, Y = G*GV, and ‖Y - VA‖² = ‖Y‖² - ‖A‖² with an
   * allowance for its cancellation. V, X and Y are left as they are; {@link #rotate} turns them.
   */
  private double ritz() {
    steps++;
    double squares = 0;
    for (int i = 0; i < rank; i++) {
      kernel.apply(vRe[i], vIm[i], xRe[i], xIm[i], true);
      kernel.adjoint(xRe[i], xIm[i], yRe[i], yIm[i]);
      squares += dot(yRe[i], yRe[i], inputs) + dot(yIm[i], yIm[i], inputs);
    }
    double inside = 0;
    double largest = 0;
    for (int i = 0; i < rank; i++) {
      for (int k = 0; k <= i; k++) {
        double re = dot(xRe[i], xRe[k], outputs) + dot(xIm[i], xIm[k], outputs);
        double im = k == i ? 0 : dot(xRe[i], xIm[k], outputs) - dot(xIm[i], xRe[k], outputs);
        aRe[i][k] = re;
        aIm[i][k] = im;
        aRe[k][i] = re;
        aIm[k][i] = -im;
        inside += (k == i ? 1 : 2) * (re * re + im * im);
      }
      largest = Math.max(largest, aRe[i][i]);
    }
    double off = 1e-4 * relativeTolerance * largest;
    offDiagonal = SmallHermitian.diagonalize(rank, off, aRe, aIm, wRe, wIm) + 1e-14 * largest;
    top = 0;
    trace = 0;
    for (int i = 0; i < rank; i++) {
      top = Math.max(top, aRe[i][i]);
      trace += aRe[i][i];
    }
    return Math.sqrt(Math.max(0, squares - inside) + 1e-13 * squares);
  }

  /** Turns V, X and Y so that A is diagonal and descending. */
  private void rotate() {
    // Insertion sort of few numbers.
    for (int i = 0; i < rank; i++) {
      int at = i;
      for (; at > 0 && aRe[order[at - 1]][order[at - 1]] < aRe[i][i]; at--) {
        order[at] = order[at - 1];
      }
      order[at] = i;
    }
    for (int i = 0; i < rank; i++) {
      values[i] = Math.max(0, aRe[order[i]][order[i]]);
    }
    turn(vRe, vIm, inputs);
    turn(xRe, xIm, outputs);
    turn(yRe, yIm, inputs);
  }

  private double residual(int i) {
    double sum = 0;
    for (int k = 0; k < inputs; k++) {
      double re = yRe[i][k] - values[i] * vRe[i][k];
      double im = yIm[i][k] - values[i] * vIm[i][k];
      sum += re * re + im * im;
    }
    return Math.sqrt(sum);
  }

  private static double dot(double[] x, double[] y, int length) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < length; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    for (; i < length; i++) {
      a += x[i] * y[i];
    }
    return (a + b) + (c + d);
  }

  private void turn(double[][] re, double[][] im, int length) {
    double[][] outRe = new double[rank][length];
    double[][] outIm = new double[rank][length];
    for (int i = 0; i < rank; i++) {
      for (int k = 0; k < rank; k++) {
        double c = wRe[k][order[i]];
        double s = wIm[k][order[i]];
        double[] fromRe = re[k];
        double[] fromIm = im[k];
        double[] toRe = outRe[i];
        double[] toIm = outIm[i];
        for (int j = 0; j < length; j++) {
          toRe[j] += c * fromRe[j] - s * fromIm[j];
          toIm[j] += c * fromIm[j] + s * fromRe[j];
        }
      }
    }
    for (int i = 0; i < rank; i++) {
      System.arraycopy(outRe[i], 0, re[i], 0, length);
      System.arraycopy(outIm[i], 0, im[i], 0, length);
    }
  }

  /** Drops the directions that the bound does not need. */
  private void shrink(double frobenius, double target) {
    if (rank == inputs || feedthrough > 0 || rank <= 2) {
      return;
    }
    double least = top;
    for (int i = 0; i < rank; i++) {
      least = Math.min(least, aRe[i][i]);
    }
    if (frobenius - trace + least < 0.7 * target * target) {
      rotate();
      rank--;
    }
  }

  /** Adds two directions to V: random ones, which the next product turns. */
  private void grow() {
    for (int added = 0; added < 2 && rank < vRe.length; added++) {
      // A random Y, so that next() takes it over.
      randomize(rank);
      System.arraycopy(vRe[rank], 0, yRe[rank], 0, inputs);
      System.arraycopy(vIm[rank], 0, yIm[rank], 0, inputs);
      kernel.apply(vRe[rank], vIm[rank], xRe[rank], xIm[rank], true);
      kernel.adjoint(xRe[rank], xIm[rank], yRe[rank], yIm[rank]);
      rank++;
    }
  }

  private void next() {
    orthonormalize(yRe, yIm);
    for (int i = 0; i < rank; i++) {
      System.arraycopy(yRe[i], 0, vRe[i], 0, inputs);
      System.arraycopy(yIm[i], 0, vIm[i], 0, inputs);
    }
  }

  private long seed = 88172645463325252L;

  private void randomize(int row) {
    for (int k = 0; k < inputs; k++) {
      vRe[row][k] = uniform();
      vIm[row][k] = uniform();
    }
  }

  /** A fixed sequence, so that results repeat. */
  private double uniform() {
    seed ^= seed << 13;
    seed ^= seed >>> 7;
    seed ^= seed << 17;
    return (seed >> 11) * 0x1p-52;
  }

  /** Gram and Schmidt, twice. */
  private void orthonormalize(double[][] re, double[][] im) {
    for (int i = 0; i < rank; i++) {
      for (int attempt = 0; ; attempt++) {
        double before = norm(re[i], im[i]);
        for (int pass = 0; pass < 2; pass++) {
          for (int k = 0; k < i; k++) {
            double dr = 0;
            double di = 0;
            for (int j = 0; j < inputs; j++) {
              dr += re[k][j] * re[i][j] + im[k][j] * im[i][j];
              di += re[k][j] * im[i][j] - im[k][j] * re[i][j];
            }
            for (int j = 0; j < inputs; j++) {
              re[i][j] -= dr * re[k][j] - di * im[k][j];
              im[i][j] -= dr * im[k][j] + di * re[k][j];
            }
          }
          double now = norm(re[i], im[i]);
          double scale = now > 0 ? 1 / now : 0;
          for (int j = 0; j < inputs; j++) {
            re[i][j] *= scale;
            im[i][j] *= scale;
          }
          if (pass == 0 && !(now > 1e-10 * before)) {
            // Nothing new in this direction: take another one.
            for (int j = 0; j < inputs; j++) {
              re[i][j] = uniform();
              im[i][j] = uniform();
            }
            before = -1;
            break;
          }
        }
        if (before >= 0 || attempt > 20) {
          break;
        }
      }
    }
  }

  private static double norm(double[] re, double[] im) {
    double sum = 0;
    for (int j = 0; j < re.length; j++) {
      sum += re[j] * re[j] + im[j] * im[j];
    }
    return Math.sqrt(sum);
  }

  /** 0, the poles' angles and π, ascending and distinct. */
  private double[] breakpoints() {
    double[] angles = kernel.system.angle;
    double[] all = Arrays.copyOf(angles, angles.length + 2);
    all[angles.length + 1] = Math.PI;
    return Arrays.stream(all).sorted().distinct().toArray();
  }

  /** Climbs from the most promising of the poles' angles. */
  private void findPeak(double[] turns) {
    double[] promise = new double[turns.length];
    for (int i = 0; i < turns.length; i++) {
      kernel.at(turns[i]);
      promise[i] = kernel.frobeniusSquared();
      floor = Math.max(floor, 1e-9 * kernel.absoluteSum());
    }
    int[] order =
        IntStream.range(0, turns.length)
            .boxed()
            .sorted((i, k) -> Double.compare(promise[k], promise[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int best = order[0];
    double bestValue = -1;
    for (int i = 0; i < Math.min(6, order.length); i++) {
      double value = gain(turns[order[i]], 1e-2);
      if (value > bestValue) {
        bestValue = value;
        best = order[i];
      }
    }
    climb(turns[best]);
  }

  /** A lower bound of σ_max(θ), from subspace iteration until the residual is small. */
  private double gain(double theta, double accuracy) {
    kernel.at(theta);
    double error = kernel.rounding();
    double value = 0;
    for (int step = 0; step < 60; step++) {
      ritz();
      rotate();
      value = Math.max(0, Math.sqrt(top) - error);
      if (residual(0) <= accuracy * top || rank == inputs) {
        break;
      }
      next();
    }
    return value;
  }

  /** σ_max(θ) to about the tolerance, from below. */
  double gainAt(double theta) {
    return gain(theta, Math.sqrt(relativeTolerance) * 0.1);
  }

  /** dσ/dθ = Re(u*G'v) with the singular vectors of the last {@link #gain}. */
  private double slope(double theta) {
    kernel.derivativeAt(theta);
    double[] dRe = new double[outputs];
    double[] dIm = new double[outputs];
    kernel.apply(vRe[0], vIm[0], dRe, dIm, false);
    double sum = 0;
    double square = 0;
    for (int o = 0; o < outputs; o++) {
      sum += xRe[0][o] * dRe[o] + xIm[0][o] * dIm[o];
      square += xRe[0][o] * xRe[0][o] + xIm[0][o] * xIm[0][o];
    }
    return square > 0 ? sum / Math.sqrt(square) : 0;
  }

  private double visit(double theta) {
    double value = gain(theta, 1e-6);
    if (value > lower) {
      lower = value;
      peak = theta;
    }
    return slope(theta);
  }

  /** Climbs to a local maximum: brackets a sign change of the slope, then the Illinois method. */
  private void climb(double start) {
    double a = start;
    double slopeA = visit(a);
    double step = Double.POSITIVE_INFINITY;
    for (int t = 0; t < kernel.system.terms; t++) {
      double mu = kernel.system.margin[t];
      double half = Math.sin(0.5 * (start - kernel.system.angle[t]));
      step = Math.min(step, 0.1 * Math.sqrt(mu * mu + 4 * (1 - mu) * half * half));
    }
    double b = a;
    double slopeB = slopeA;
    for (int i = 0; i < 40 && slopeB * slopeA > 0; i++) {
      a = b;
      slopeA = slopeB;
      b = Math.min(Math.PI, Math.max(0, a + Math.copySign(step, slopeA)));
      if (b == a) {
        break;
      }
      slopeB = visit(b);
      step *= 2;
    }
    int side = 0;
    for (int i = 0; i < 40 && slopeA * slopeB < 0; i++) {
      if (Math.max(Math.abs(slopeA), Math.abs(slopeB)) * Math.abs(b - a)
          < 0.02 * relativeTolerance * lower) {
        break;
      }
      double c = (a * slopeB - b * slopeA) / (slopeB - slopeA);
      if (!(c > Math.min(a, b) && c < Math.max(a, b))) {
        break;
      }
      double slopeC = visit(c);
      if (Math.abs(slopeC) * Math.abs(b - a) < 1e-3 * relativeTolerance * lower) {
        break;
      }
      if (slopeC * slopeB > 0) {
        b = c;
        slopeB = slopeC;
        if (side == -1) {
          slopeA *= 0.5;
        }
        side = -1;
      } else {
        a = c;
        slopeA = slopeC;
        if (side == 1) {
          slopeB *= 0.5;
        }
        side = 1;
      }
    }
    limit = Math.max(floor, lower * (1 + 0.95 * relativeTolerance));
  }
}
