package io.github.last4j.norm;

import io.github.last4j.progress.Interruption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Branch and bound for the largest gain over θ in [0, π] (a real system's gain is even in θ).
 *
 * <p><b>Between samples.</b> For unit vectors u, v the function h(θ) = Re u*G(θ)v has |h''| ≤ M on
 * an interval [a, b] where M bounds ‖G''‖, so that it exceeds its chord by at most M(b-a)²/8.
 * Taking the supremum over u and v, with s = (θ-a)/(b-a),
 *
 * <p>σ<sub>max</sub>(G(θ)) ≤ (1-s)σ<sub>max</sub>(G(a)) + sσ<sub>max</sub>(G(b)) + s(1-s)M(b-a)²/2,
 *
 * <p>of which {@link #between} is the largest. The bound M comes from the known poles ({@link
 * GainKernel#bounds}).
 *
 * <p><b>At a sample.</b> With any orthonormal V, the Hermitian H = G*G in the basis (V, V⊥) has the
 * blocks A = V*HV, R = HV - VA, and a last one whose norm is at most its trace τ = ‖G‖<sub>F</sub>²
 * - tr A. So λ<sub>max</sub>(H) is at most the larger eigenvalue of the 2×2 matrix of
 * λ<sub>max</sub>(A), ‖R‖ and τ, and {@link Subspace#bound} is sharper still. V comes from subspace
 * iteration, and the bound is sharp as soon as the first vector's part of R is small and τ lies
 * below the largest eigenvalue. Where τ does not, Cholesky's factorisation of γ²I - H decides. A
 * feedthrough, which is not of low rank, has a search of its own ({@link FeedthroughSearch}).
 */
final class GainSearch {
  private static final String TASK = "the H∞ norm";
  private static final int LARGEST_RANK = 14;
  private static final int WHOLE = 8;
  private static final int STEPS = 12;
  private static final int NEIGHBOURS = 4;
  private static final int MOST_NODES = 4_000_000;

  private final GainKernel kernel;
  private final Subspace subspace;
  private final int inputs;
  private final int outputs;
  private final double feedthrough;
  private final double relativeTolerance;
  private final double[] gainRe;
  private final double[] gainIm;
  private double[] gRe;
  private double[] gIm;

  /** Whether products go through C's Gram matrix, as long as its rounding does not show. */
  private boolean throughGram;

  private double lower;
  private double peak;
  private double limit;

  /** Where terms cancel to less than this, rounding leaves nothing to resolve. */
  private double floor;

  private final Map<Double, Sample> samples = new HashMap<>();

  /** Counts, for benchmarks and tests. */
  int nodes;

  int evaluations;
  int factorizations;

  /** What is known of a largest singular value or eigenvalue at one θ, the latter from 0 on. */
  static final class Sample {
    double low;
    double high = Double.POSITIVE_INFINITY;
  }

  /** A part of [0, π]. */
  record Interval(double low, double high) {
    double middle() {
      return 0.5 * (low + high);
    }

    boolean canSplit() {
      return low < middle() && middle() < high;
    }

    static Deque<Interval> between(double[] points) {
      Deque<Interval> open = new ArrayDeque<>();
      for (int i = points.length - 2; i >= 0; i--) {
        open.push(new Interval(points[i], points[i + 1]));
      }
      return open;
    }

    void split(Deque<Interval> open) {
      open.push(new Interval(middle(), high));
      open.push(new Interval(low, middle()));
    }
  }

  /** Gains are in units of 2<sup>exponent</sup>. */
  final int exponent;

  /** A search in the system's own unit, whatever its numbers' size. */
  GainSearch(PairSystem system, double relativeTolerance) {
    PairSystem balanced = system.balanced();
    PairSystem oriented = balanced.outputs < balanced.inputs ? balanced.transpose() : balanced;
    exponent = balanced.exponent;
    kernel = new GainKernel(oriented);
    this.relativeTolerance = relativeTolerance;
    inputs = oriented.inputs;
    outputs = oriented.outputs;
    feedthrough = oriented.feedthroughNorm();
    gainRe = new double[outputs];
    gainIm = new double[outputs];
    throughGram = feedthrough == 0 && 2 * oriented.terms < 2 * outputs && inputs > WHOLE;
    subspace = new Subspace(inputs, inputs <= WHOLE ? inputs : 3, LARGEST_RANK, new Normal());
  }

  /** y = G*Gx. */
  private final class Normal implements Subspace.Operator {
    @Override
    public int projections() {
      return kernel.states();
    }

    @Override
    public void project(double[] xRe, double[] xIm, double[] toRe, double[] toIm) {
      kernel.project(xRe, xIm, toRe, toIm);
    }

    @Override
    public void expand(
        double[] xRe, double[] xIm, double[] fromRe, double[] fromIm, double[] yRe, double[] yIm) {
      if (throughGram) {
        kernel.expandNormal(fromRe, fromIm, yRe, yIm);
      } else {
        kernel.expand(fromRe, fromIm, 0, gainRe, gainIm);
        kernel.addFeedthrough(xRe, xIm, gainRe, gainIm);
        kernel.adjoint(gainRe, gainIm, yRe, yIm);
      }
    }
  }

  int products() {
    return subspace.products;
  }

  /**
   * A gain that the system reaches, without a certificate that there is no larger one, in units.
   */
  double peakOnly() {
    kernel.at(0);
    if (kernel.rounding() > 0) {
      findPeak(breakpoints());
    }
    return lower;
  }

  /**
   * Runs the search.
   *
   * @param known a gain that may be taken for the lower bound, where only a larger one matters
   */
  HinfNorm run(double known) {
    kernel.at(0);
    if (kernel.rounding() == 0) {
      return HinfNorm.of(0, 0, 0);
    }
    if (kernel.terms() == 0) {
      return HinfNorm.of(feedthrough, feedthrough, 0).times(exponent);
    }
    floor = Math.scalb(known, -exponent) * (1 + 0.95 * relativeTolerance);
    double[] turns = breakpoints();
    findPeak(turns);
    double upper = lower;
    Deque<Interval> open = Interval.between(turns);
    if (feedthrough > 0 && inputs > WHOLE) {
      upper = Math.max(upper, searchWithFeedthrough(open));
    }
    while (!open.isEmpty()) {
      Interruption.check(TASK);
      Interval interval = open.pop();
      nodes++;
      double bound = bound(interval);
      if (!Double.isNaN(bound)) {
        upper = Math.max(upper, bound);
      } else if (interval.canSplit()) {
        interval.split(open);
      } else {
        // A margin so small that not even its powers are numbers.
        upper = Double.POSITIVE_INFINITY;
      }
    }
    return HinfNorm.of(lower, upper, peak).times(exponent);
  }

  /**
   * Leaves intervals in the queue only where {@link FeedthroughSearch} does not do.
   *
   * @return an upper bound of the gain on the others
   */
  private double searchWithFeedthrough(Deque<Interval> open) {
    double upper = 0;
    while (!open.isEmpty() && limit - feedthrough > FeedthroughSearch.LEAST_GAP * limit) {
      FeedthroughSearch search = new FeedthroughSearch(kernel, limit, 0.02 * relativeTolerance);
      List<FeedthroughSearch> searches = List.of(search, new FeedthroughSearch(search));
      List<Deque<Interval>> shares = new ArrayList<>();
      do {
        if (shares.stream().anyMatch(Deque::isEmpty)) {
          shares.forEach(open::addAll);
          shares.clear();
        }
        if (shares.isEmpty()) {
          shares = deal(open, searches.size());
        }
        List<Deque<Interval>> queues = shares;
        Interruption.parallel(
            TASK,
            check -> {
              IntStream.range(0, searches.size())
                  .parallel()
                  .forEach(i -> searches.get(i).run(queues.get(i), check));
              return queues;
            });
      } while (searches.stream().noneMatch(FeedthroughSearch::hasStopped)
          && !shares.stream().allMatch(Deque::isEmpty));
      shares.forEach(open::addAll);
      upper = search.level();
      double before = lower;
      for (FeedthroughSearch done : searches) {
        nodes += done.nodes;
        evaluations += done.evaluations;
        factorizations += done.factorizations;
        subspace.products += done.products();
        if (!Double.isNaN(done.found())) {
          climb(done.found());
        }
      }
      if (!(lower > before)) {
        // All done, too dear, or decided by rounding: what is left needs the other search.
        break;
      }
    }
    return upper;
  }

  /**
   * Moves the intervals to a few queues, some neighbours at a time where there are many. Who works
   * on what never depends on time: results repeat.
   */
  private static List<Deque<Interval>> deal(Deque<Interval> open, int count) {
    List<Deque<Interval>> shares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shares.add(new ArrayDeque<>());
    }
    int neighbours = Math.min(NEIGHBOURS, 1 + open.size() / (2 * count));
    for (int i = 0; !open.isEmpty(); i++) {
      shares.get(i / neighbours % count).add(open.pop());
    }
    return shares;
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
    boolean last =
        nodes > MOST_NODES || !interval.canSplit() || excess < 0.02 * relativeTolerance * limit;
    if (!last && excess > 0.5 * limit) {
      return Double.NaN;
    }
    double left = certify(interval.low, limit - excess, last);
    if (!last && !(between(left, 0, excess) <= limit)) {
      return Double.NaN;
    }
    double right = certify(interval.high, opposite(left, excess, limit), last);
    double bound = Math.min(gain, between(left, right, excess));
    return last || bound <= limit ? bound : Double.NaN;
  }

  /** The largest of a chord from one value to another plus an arc of a given height. */
  static double between(double left, double right, double height) {
    double slope = Math.abs(left - right);
    return slope >= 4 * height
        ? Math.max(left, right)
        : 0.5 * (left + right) + height + slope * slope / (16 * height);
  }

  /** The largest value at the other end for which {@link #between} does not exceed a level. */
  static double opposite(double value, double height, double level) {
    double room = level - value;
    return room >= 4 * height
        ? level
        : value + 4 * (Math.sqrt(height * Math.max(0, room)) - height);
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
    throughGram &= kernel.normalRounding() < 0.01 * relativeTolerance * target * target;
    double shift = throughGram ? kernel.normalRounding() : 0;
    double before = Double.POSITIVE_INFINITY;
    double low = sample.low;
    for (int step = 0; step < STEPS; step++) {
      subspace.product(1e-4 * relativeTolerance);
      double top = subspace.top();
      double value = Math.sqrt(top);
      double residual = subspace.residual();
      low =
          Math.max(
              low, Math.sqrt(Math.max(0, top * (1 - 4e-4 * relativeTolerance) - shift)) - error);
      sample.low = low;
      double tail =
          subspace.isWhole()
              ? 0
              : Math.max(0, frobenius - subspace.trace())
                  + subspace.rank() * (2 * error * value + error * error + shift)
                  + 1e-13 * subspace.trace();
      double high = Math.sqrt(subspace.bound(tail) + shift) * (1 + 1e-14) + error;
      sample.high = Math.min(sample.high, high);
      if (sample.high <= target) {
        if (!subspace.isWhole()
            && subspace.rank() > 2
            && tail + subspace.least() < 0.9 * target * target) {
          subspace.shrink();
        }
        return sample.high;
      }
      if (subspace.isWhole()) {
        break;
      }
      if (low > target && !last) {
        break;
      }
      subspace.rotate();
      boolean tailTooLarge = tail > 0.97 * target * target;
      boolean settled =
          residual * residual <= 1e-3 * (target - value) * target * target
              || (step > 2 && value - before < 0.02 * Math.abs(target - value));
      if (feedthrough > 0 ? settled : tailTooLarge && subspace.isLargest() && step > 3) {
        break;
      }
      before = value;
      if (tailTooLarge || settled) {
        subspace.grow(1);
      }
      subspace.advance();
    }
    improve(theta, low);
    if (!subspace.isWhole() && (low < target || last)) {
      factorize(sample, low, target, error, last);
    }
    return sample.high;
  }

  /** Raises the lower bound, and climbs from there, where a sample exceeds it. */
  private void improve(double theta, double value) {
    if (value > lower * (1 + 0.1 * relativeTolerance)) {
      raise(theta, value);
      climb(theta);
      kernel.at(theta);
    }
  }

  private void raise(double theta, double value) {
    if (value > lower) {
      lower = value;
      peak = theta;
      limit = Math.max(floor, lower * (1 + 0.95 * relativeTolerance));
    }
  }

  /** Cholesky's test, first near the estimate and then at the target. */
  private void factorize(Sample sample, double low, double target, double error, boolean last) {
    if (gRe == null) {
      gRe = new double[outputs * inputs];
      gIm = new double[outputs * inputs];
    }
    kernel.matrix(gRe, gIm);
    SmallHermitian.Gram gram = SmallHermitian.gram(outputs, inputs, gRe, gIm);
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
      if (gram.below(reduced * reduced)) {
        sample.high = level;
        return;
      }
    }
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
      Interruption.check(TASK);
      kernel.at(turns[i]);
      promise[i] = kernel.frobeniusSquared();
      floor = Math.max(floor, 1e-9 * kernel.absoluteSum());
    }
    limit = floor;
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

  /** σ_max(θ) to about the tolerance, from below, in units. */
  double gainAt(double theta) {
    return gain(theta, Math.sqrt(relativeTolerance) * 0.1);
  }

  /** A lower bound of σ_max(θ), from subspace iteration until the residual is small. */
  private double gain(double theta, double accuracy) {
    kernel.at(theta);
    double error = kernel.rounding();
    for (int step = 0; ; step++) {
      subspace.product(1e-14);
      subspace.rotate();
      double top = subspace.top();
      double shift = throughGram ? kernel.normalRounding() : 0;
      if (throughGram && shift > 0.01 * relativeTolerance * top) {
        throughGram = false;
        continue;
      }
      if (subspace.firstResidual() <= accuracy * top || subspace.isWhole() || step == 60) {
        return Math.max(0, Math.sqrt(Math.max(0, top - shift)) * (1 - 1e-13) - error);
      }
      subspace.advance();
    }
  }

  /** dσ/dθ = Re(u*G'v) with the singular vectors of the last {@link #gain}. */
  private double slope(double theta) {
    kernel.apply(subspace.firstRe(), subspace.firstIm(), gainRe, gainIm, true);
    kernel.derivativeAt(theta);
    double[] dRe = new double[outputs];
    double[] dIm = new double[outputs];
    kernel.apply(subspace.firstRe(), subspace.firstIm(), dRe, dIm, false);
    double sum = 0;
    double square = 0;
    for (int o = 0; o < outputs; o++) {
      sum += gainRe[o] * dRe[o] + gainIm[o] * dIm[o];
      square += gainRe[o] * gainRe[o] + gainIm[o] * gainIm[o];
    }
    return square > 0 ? sum / Math.sqrt(square) : 0;
  }

  private double visit(double theta) {
    raise(theta, gain(theta, 0.1 * Math.sqrt(relativeTolerance)));
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
      if (Math.abs(slopeC) * Math.abs(b - a) < 0.01 * relativeTolerance * lower) {
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
  }
}
