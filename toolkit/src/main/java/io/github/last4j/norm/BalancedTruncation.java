package io.github.last4j.norm;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.Parts.Part;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.Channels;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ojalgo.scalar.ComplexNumber;

/**
 * Balanced truncation of the causal part of a layer, to compare the removal of states with.
 *
 * <p>In coordinates in which both Gramians are diag(σ₁, σ₂, …) the first states are kept: with
 * factors P = RR', Q = LL' and the singular values L'R = UΣV', these are W'x, W =
 * LU₁Σ₁<sup>-½</sup>, and x ≈ Tx̂, T = RV₁Σ₁<sup>-½</sup>. The reduced model (W'AT, W'B, CAT, CB)
 * is stable, has poles of its own, and errs by at most 2(σ<sub>order+1</sub> + …).
 */
public final class BalancedTruncation {
  private static final String TASK = "the balanced truncation";
  private static final double EPS = 0x1p-52;

  private BalancedTruncation() {}

  /**
   * The difference of a layer and its reduced model, as a layer: its poles are those of both, and
   * its gains are those of G - Gᵣ, of which it is z times. So its norm is the error of the
   * reduction.
   *
   * @param ssm a stable layer of one direction; its feedthrough is in both models and cancels
   * @param order the number of real states of the reduced model, from 0 to below 2n; where fewer of
   *     the Hankel singular values are above rounding, some 1e-15 of the first, so many states do
   * @return held by the manager of {@code ssm.lambdaBar()}
   * @throws IllegalArgumentException if the order is out of range, the layer is bidirectional, a
   *     pole is not inside the unit circle, or a number is not finite
   */
  public static DiscreteSsm error(DiscreteSsm ssm, int order) {
    int n = ssm.states();
    if (order < 0 || order >= 2 * n) {
      throw new IllegalArgumentException(
          "order: expected a number from 0 to " + (2 * n - 1) + ", got " + order);
    }
    if (ssm.bidirectional()) {
      throw new IllegalArgumentException("ssm: expected one direction, got a backwardC");
    }
    Parts parts = Parts.of(ssm).balanced();
    List<Pair> pairs = new ArrayList<>();
    List<Part> withStates = parts.list().stream().filter(part -> part.states.length > 0).toList();
    withStates.forEach(part -> pairs.addAll(strictlyProper(part)));
    if (order > 0) {
      List<Gramians> gramians = Parts.each(TASK, withStates, part -> Gramians.of(part.system, 0));
      List<Balancing> balancings = Parts.each(TASK, gramians, Balancing::of);
      int[] orders = shares(balancings, order);
      List<Integer> each = IntStream.range(0, orders.length).boxed().toList();
      Parts.each(
              TASK,
              each,
              i -> negative(withStates.get(i), gramians.get(i), balancings.get(i), orders[i]))
          .forEach(pairs::addAll);
    }
    return layer(ssm, pairs, parts);
  }

  /** How many of the largest singular values of all are those of each part. */
  private static int[] shares(List<Balancing> parts, int order) {
    int[] shares = new int[parts.size()];
    List<double[]> values = parts.stream().map(Balancing::values).toList();
    IntStream.range(0, shares.length)
        .boxed()
        .flatMap(i -> Arrays.stream(values.get(i)).mapToObj(value -> Map.entry(i, value)))
        .sorted(Comparator.comparing(Map.Entry<Integer, Double>::getValue).reversed())
        .limit(order)
        .forEach(value -> shares[value.getKey()]++);
    return shares;
  }

  /**
   * One pair of a layer: a pole, its margin, a row of B and a column of C, of a part's channels.
   */
  private static final class Pair {
    private final Part part;
    private final ComplexNumber pole;
    private final double margin;
    private final ComplexNumber[] b;
    private final ComplexNumber[] c;

    Pair(Part part, ComplexNumber pole, double margin, ComplexNumber[] b, ComplexNumber[] c) {
      this.part = part;
      this.pole = pole;
      this.margin = margin;
      this.b = b;
      this.c = c;
    }
  }

  /** z times the strictly proper part: CΛ̄ for C, as the response to the present input goes. */
  private static List<Pair> strictlyProper(Part part) {
    PairSystem system = part.system;
    List<Pair> pairs = new ArrayList<>();
    for (int t = 0; t < system.terms; t++) {
      ComplexNumber pole = ComplexNumber.makePolar(1 - system.margin[t], system.angle[t]);
      ComplexNumber[] b = complex(system.bRe[t], system.bIm[t]);
      ComplexNumber[] c = complex(system.cRe[t], system.cIm[t]);
      Arrays.setAll(c, o -> c[o].multiply(pole));
      pairs.add(new Pair(part, pole, system.margin[t], b, c));
    }
    return pairs;
  }

  private static ComplexNumber[] complex(double[] re, double[] im) {
    ComplexNumber[] out = new ComplexNumber[re.length];
    Arrays.setAll(out, i -> ComplexNumber.of(re[i], im[i]));
    return out;
  }

  /** The reduced model with its sign changed, of as many states as rounding lets tell apart. */
  private static List<Pair> negative(Part part, Gramians whole, Balancing balancing, int order) {
    double[] values = balancing.values();
    int rank = (int) Arrays.stream(values).filter(x -> x > values.length * EPS * values[0]).count();
    for (int r = Math.min(order, rank); r > 0; r--) {
      Interruption.check(TASK);
      List<Pair> pairs = diagonal(part, whole, balancing, r);
      if (pairs.stream().allMatch(pair -> pair.margin > 0)) {
        return pairs;
      }
    }
    return List.of();
  }

  private static List<Pair> diagonal(Part part, Gramians whole, Balancing balancing, int order) {
    ComplexNumber minus = ComplexNumber.valueOf(-1);
    return balancing.modes(order, whole.a(), whole.b(), List.of(whole.c())).stream()
        .map(
            mode ->
                new Pair(
                    part,
                    mode.pole(),
                    1 - mode.pole().norm(),
                    mode.input().toArray(ComplexNumber[]::new),
                    mode.outputs().get(0).stream()
                        .map(value -> value.multiply(minus))
                        .toArray(ComplexNumber[]::new)))
        .toList();
  }

  /** Where the layer is one of channels, so is its error. */
  private static DiscreteSsm layer(DiscreteSsm ssm, List<Pair> pairs, Parts parts) {
    NDManager manager = ssm.lambdaBar().real().getManager();
    int n = pairs.size();
    boolean matrices = ssm.channels().isEmpty();
    int inputs = matrices ? parts.inputs() : 1;
    int outputs = matrices ? parts.outputs() : 1;
    // Both matrices get their share of the unit, so that neither overflows.
    int half = Math.floorDiv(parts.exponent(), 2);
    Matrix lambda = new Matrix(n);
    Matrix b = new Matrix(n * inputs);
    Matrix c = new Matrix(outputs * n);
    int[] channels = new int[n];
    for (int i = 0; i < n; i++) {
      Pair pair = pairs.get(i);
      channels[i] = pair.part.inputs[0];
      lambda.set(i, pair.pole, 0);
      for (int k = 0; k < pair.b.length; k++) {
        b.set(i * inputs + (matrices ? pair.part.inputs[k] : 0), pair.b[k], half);
      }
      for (int o = 0; o < pair.c.length; o++) {
        int row = matrices ? pair.part.outputs[o] : 0;
        c.set(row * n + i, pair.c[o], parts.exponent() - half);
      }
    }
    DiscreteSsm error =
        new DiscreteSsm(
            lambda.array(manager, n),
            manager.create(pairs.stream().mapToDouble(pair -> pair.margin).toArray()),
            b.array(manager, n, inputs),
            c.array(manager, outputs, n),
            Optional.empty(),
            Optional.empty());
    return ssm.channels()
        .map(all -> error.withChannels(Channels.of(all.count(), channels)))
        .orElse(error);
  }

  private static final class Matrix {
    private final double[] re;
    private final double[] im;

    Matrix(int size) {
      re = new double[size];
      im = new double[size];
    }

    void set(int at, ComplexNumber value, int exponent) {
      re[at] = Math.scalb(value.getReal(), exponent);
      im[at] = Math.scalb(value.getImaginary(), exponent);
    }

    ComplexArray array(NDManager manager, long... shape) {
      return ComplexArray.of(
          manager.create(re, new Shape(shape)), manager.create(im, new Shape(shape)));
    }
  }
}
