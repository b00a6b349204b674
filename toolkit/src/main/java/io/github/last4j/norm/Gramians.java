package io.github.last4j.norm;

import io.github.last4j.norm.Parts.Part;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
import org.ojalgo.matrix.store.SparseStore;

/**
 * The Gramians of a layer, in closed form because its state matrix is diagonal.
 *
 * <p>With the real state x = √2(Re x₁, Im x₁, Re x₂, …) of 2n numbers the causal part of a layer is
 * x<sub>k</sub> = Ax<sub>k-1</sub> + Bu<sub>k</sub>, y<sub>k</sub> = CAx<sub>k-1</sub> + (CB +
 * D)u<sub>k</sub>. The Gramians solve P = APA' + BB' and Q = A'QA + (CA)'(CA). In the complex state
 * their elements are
 * b<sub>i</sub>b<sub>k</sub><sup>*</sup>/(1-λ̄<sub>i</sub>λ̄<sub>k</sub><sup>*</sup>) and so on;
 * the denominators come from the margins 1-|λ̄| and the angles, and do not cancel near the circle.
 * Where a layer falls into independent systems, as an S4D's does into channels, the matrices are
 * sparse stores.
 *
 * @param a the state matrix A, 2n×2n
 * @param b the input matrix B, 2n×inputs
 * @param c the output matrix CA, outputs×2n
 * @param controllability P, 2n×2n
 * @param observability Q, 2n×2n
 */
public record Gramians(
    MatrixStore<Double> a,
    MatrixStore<Double> b,
    MatrixStore<Double> c,
    MatrixStore<Double> controllability,
    MatrixStore<Double> observability) {

  /**
   * The Gramians of the causal (forward) part.
   *
   * @param ssm a stable layer
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static Gramians of(DiscreteSsm ssm) {
    return of(Parts.of(ssm), false);
  }

  /**
   * The Gramians of the anticausal (backward) part of a bidirectional layer, with time reversed.
   *
   * @param ssm a stable bidirectional layer
   * @throws IllegalArgumentException if the layer has one direction, a pole is not inside the unit
   *     circle, or a number is not finite
   */
  public static Gramians backward(DiscreteSsm ssm) {
    if (!ssm.bidirectional()) {
      throw new IllegalArgumentException("ssm: expected a bidirectional layer, got no backwardC");
    }
    return of(Parts.of(ssm), true);
  }

  private static Gramians of(Parts parts, boolean backward) {
    List<Gramians> each =
        parts.list().stream()
            .map(part -> of(part.system, backward ? part.system.states : 0))
            .toList();
    Part only = parts.list().get(0);
    if (each.size() == 1
        && only.inputs.length == parts.inputs()
        && only.outputs.length == parts.outputs()) {
      return each.get(0);
    }
    int size = 2 * parts.states();
    List<int[]> inputs = parts.list().stream().map(part -> part.inputs).toList();
    List<int[]> outputs = parts.list().stream().map(part -> part.outputs).toList();
    List<int[]> x = parts.list().stream().map(Gramians::realStates).toList();
    return new Gramians(
        sparse(size, size, each, Gramians::a, x, x),
        sparse(size, parts.inputs(), each, Gramians::b, x, inputs),
        sparse(parts.outputs(), size, each, Gramians::c, outputs, x),
        sparse(size, size, each, Gramians::controllability, x, x),
        sparse(size, size, each, Gramians::observability, x, x));
  }

  private static int[] realStates(Part part) {
    return IntStream.of(part.states).flatMap(s -> IntStream.of(2 * s, 2 * s + 1)).toArray();
  }

  /** A matrix of blocks that share neither rows nor columns, which are given ascending. */
  private static MatrixStore<Double> sparse(
      int rows,
      int columns,
      List<Gramians> each,
      Function<Gramians, MatrixStore<Double>> block,
      List<int[]> blockRows,
      List<int[]> blockColumns) {
    int[] owner = new int[columns];
    int[] within = new int[columns];
    int count = 0;
    Arrays.fill(owner, -1);
    for (int i = 0; i < each.size(); i++) {
      int[] own = blockColumns.get(i);
      count += own.length * blockRows.get(i).length;
      for (int k = 0; k < own.length; k++) {
        owner[own[k]] = i;
        within[own[k]] = k;
      }
    }
    int size = count;
    SparseStore<Double> out = SparseStore.R064.initial((r, c) -> size).make(rows, columns);
    for (int k = 0; k < columns; k++) {
      int[] own = owner[k] < 0 ? new int[0] : blockRows.get(owner[k]);
      for (int r = 0; r < own.length; r++) {
        out.set(own[r], k, block.apply(each.get(owner[k])).doubleValue(r, within[k]));
      }
    }
    return out;
  }

  /** Of the terms first, …, first + states - 1. */
  static Gramians of(PairSystem system, int first) {
    Interruption.check("the Gramians");
    int n = system.states;
    double root = Math.sqrt(2);
    R064Store a = R064Store.FACTORY.make(2 * n, 2 * n);
    R064Store b = R064Store.FACTORY.make(2 * n, system.inputs);
    R064Store c = R064Store.FACTORY.make(system.outputs, 2 * n);
    double[][] shiftedRe = new double[n][system.outputs];
    double[][] shiftedIm = new double[n][system.outputs];
    for (int i = 0; i < n; i++) {
      int t = first + i;
      double radius = 1 - system.margin[t];
      double re = radius * Math.cos(system.angle[t]);
      double im = radius * Math.sin(system.angle[t]);
      a.set(2 * i, 2 * i, re);
      a.set(2 * i, 2 * i + 1, -im);
      a.set(2 * i + 1, 2 * i, im);
      a.set(2 * i + 1, 2 * i + 1, re);
      for (int k = 0; k < system.inputs; k++) {
        b.set(2 * i, k, root * system.bRe[t][k]);
        b.set(2 * i + 1, k, root * system.bIm[t][k]);
      }
      for (int k = 0; k < system.outputs; k++) {
        shiftedRe[i][k] = system.cRe[t][k] * re - system.cIm[t][k] * im;
        shiftedIm[i][k] = system.cRe[t][k] * im + system.cIm[t][k] * re;
        c.set(k, 2 * i, root * shiftedRe[i][k]);
        c.set(k, 2 * i + 1, -root * shiftedIm[i][k]);
      }
    }
    double[][] inRe = Arrays.copyOfRange(system.bRe, first, first + n);
    double[][] inIm = Arrays.copyOfRange(system.bIm, first, first + n);
    MatrixStore<Double> p = gramian(system, first, inRe, inIm, 1);
    // In the observability Gramian conjugates take the roles: x ↦ cᵢᵀ with λᵢ* for λᵢ.
    MatrixStore<Double> q = gramian(system, first, shiftedRe, shiftedIm, -1);
    return new Gramians(a, b, c, p, q);
  }

  /** tr(C̄PC̄'), the energy that comes out after the impulse. */
  double outputEnergy() {
    MatrixStore<Double> energy = c.multiply(controllability).multiply(c.transpose());
    double sum = 0;
    for (int o = 0; o < c.countRows(); o++) {
      sum += energy.doubleValue(o, o);
    }
    return sum;
  }

  /**
   * With vᵢ = bᵢ (sign 1) or conj(cᵢ) (sign -1) and p₁ = vᵢvₖ^* / (1-λᵢλₖ^*), p₂ = vᵢvₖᵀ/(1-λᵢλₖ),
   * λ conjugated for sign -1, every pair of pairs has four real elements. 1-ρe<sup>jδ</sup> is the
   * resolvent's denominator at -δ.
   */
  private static MatrixStore<Double> gramian(
      PairSystem system, int first, double[][] re, double[][] im, int sign) {
    int n = re.length;
    R064Store out = R064Store.FACTORY.make(2 * n, 2 * n);
    double[] factor = new double[2];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k <= i; k++) {
        double rr = 0;
        double ri = 0;
        double ir = 0;
        double ii = 0;
        for (int j = 0; j < re[i].length; j++) {
          rr += re[i][j] * re[k][j];
          ri += re[i][j] * im[k][j];
          ir += im[i][j] * re[k][j];
          ii += im[i][j] * im[k][j];
        }
        ri *= sign;
        ir *= sign;
        double mi = system.margin[first + i];
        double mk = system.margin[first + k];
        double ai = system.angle[first + i];
        double ak = system.angle[first + k];
        double margin = mi + mk - mi * mk;
        PairSystem.resolvent(margin, -sign * (ai - ak), factor);
        double p1Re = (rr + ii) * factor[0] - (ir - ri) * factor[1];
        double p1Im = (rr + ii) * factor[1] + (ir - ri) * factor[0];
        PairSystem.resolvent(margin, -sign * PairSystem.sum(ai, ak), factor);
        double p2Re = (rr - ii) * factor[0] - (ir + ri) * factor[1];
        double p2Im = (rr - ii) * factor[1] + (ir + ri) * factor[0];
        set(out, 2 * i, 2 * k, p1Re + p2Re);
        set(out, 2 * i, 2 * k + 1, p2Im - p1Im);
        set(out, 2 * i + 1, 2 * k, p2Im + p1Im);
        set(out, 2 * i + 1, 2 * k + 1, p1Re - p2Re);
      }
    }
    return out;
  }

  private static void set(R064Store symmetric, int i, int k, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "ssm: expected Gramians in the range of double precision, got " + value);
    }
    symmetric.set(i, k, value);
    symmetric.set(k, i, value);
  }
}
