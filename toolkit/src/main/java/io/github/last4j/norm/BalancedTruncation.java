package io.github.last4j.norm;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.decomposition.LU;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.GenericStore;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;
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
  private BalancedTruncation() {}

  /**
   * The difference of a layer and its reduced model, as a layer: its poles are those of both, and
   * its gains are those of G - Gᵣ, of which it is z times. So its norm is the error of the
   * reduction.
   *
   * @param ssm a stable layer of one direction; its feedthrough is in both models and cancels
   * @param order the number of real states of the reduced model, from 0 to below 2n; its Hankel
   *     singular value should be above rounding, some 1e-10 of the first
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
    if (ssm.backwardC().isPresent()) {
      throw new IllegalArgumentException("ssm: expected one direction, got a backwardC");
    }
    PairSystem system = PairSystem.stable(ssm);
    List<Pair> pairs = strictlyProper(system);
    if (order > 0) {
      pairs.addAll(negative(reduced(Gramians.of(system, 0, n), order)));
    }
    return layer(ssm.lambdaBar().real().getManager(), pairs);
  }

  /** A state space model without feedthrough. */
  private record Model(MatrixStore<Double> a, MatrixStore<Double> b, MatrixStore<Double> c) {}

  private static Model reduced(Gramians gramians, int order) {
    R064Store left = HankelSingularValues.factor(gramians.observability());
    R064Store right = HankelSingularValues.factor(gramians.controllability());
    int size = (int) left.countRows();
    R064Store product = R064Store.FACTORY.make(size, size);
    product.fillByMultiplying(left.transpose(), right);
    SingularValue<Double> svd = SingularValue.R064.make(size, size);
    svd.decompose(product);
    int[] first = IntStream.range(0, order).toArray();
    R064Store scale = R064Store.FACTORY.make(order, order);
    for (int i = 0; i < order; i++) {
      scale.set(i, i, 1 / Math.sqrt(svd.getSingularValues().doubleValue(i)));
    }
    MatrixStore<Double> w = left.multiply(svd.getU().columns(first)).multiply(scale);
    MatrixStore<Double> t = right.multiply(svd.getV().columns(first)).multiply(scale);
    MatrixStore<Double> transposed = w.transpose();
    return new Model(
        transposed.multiply(gramians.a()).multiply(t),
        transposed.multiply(gramians.b()),
        gramians.c().multiply(t));
  }

  /** One pair of a layer: a pole, its margin, a row of B and a column of C. */
  private static final class Pair {
    private final ComplexNumber pole;
    private final double margin;
    private final ComplexNumber[] b;
    private final ComplexNumber[] c;

    Pair(ComplexNumber pole, double margin, ComplexNumber[] b, ComplexNumber[] c) {
      this.pole = pole;
      this.margin = margin;
      this.b = b;
      this.c = c;
    }
  }

  /** z times the strictly proper part: CΛ̄ for C, as the response to the present input goes. */
  private static List<Pair> strictlyProper(PairSystem system) {
    List<Pair> pairs = new ArrayList<>();
    for (int t = 0; t < system.terms; t++) {
      ComplexNumber pole = ComplexNumber.makePolar(1 - system.margin[t], system.angle[t]);
      ComplexNumber[] b = complex(system.bRe[t], system.bIm[t]);
      ComplexNumber[] c = complex(system.cRe[t], system.cIm[t]);
      Arrays.setAll(c, o -> c[o].multiply(pole));
      pairs.add(new Pair(pole, system.margin[t], b, c));
    }
    return pairs;
  }

  private static ComplexNumber[] complex(double[] re, double[] im) {
    ComplexNumber[] out = new ComplexNumber[re.length];
    Arrays.setAll(out, i -> ComplexNumber.of(re[i], im[i]));
    return out;
  }

  /** A model with its sign changed, diagonalised: a real pole is a pair with half the weight. */
  private static List<Pair> negative(Model model) {
    int order = (int) model.a().countRows();
    Eigenvalue<Double> evd = Eigenvalue.R064.make(order, false);
    evd.decompose(model.a());
    MatrixStore<ComplexNumber> vectors = evd.getEigenvectors();
    LU<ComplexNumber> lu = LU.C128.make(order, order);
    lu.decompose(vectors);
    MatrixStore<ComplexNumber> b = lu.getInverse().multiply(complex(model.b()));
    MatrixStore<ComplexNumber> c = complex(model.c()).multiply(vectors);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < order; i++) {
      int row = i;
      ComplexNumber pole = evd.getEigenvalues().get(i);
      if (pole.getImaginary() < 0) {
        continue;
      }
      double weight = pole.getImaginary() == 0 ? -0.5 : -1;
      ComplexNumber[] input = new ComplexNumber[(int) b.countColumns()];
      ComplexNumber[] output = new ComplexNumber[(int) c.countRows()];
      Arrays.setAll(input, k -> b.get(row, k));
      Arrays.setAll(output, o -> c.get(o, row).multiply(weight));
      pairs.add(new Pair(pole, 1 - pole.norm(), input, output));
    }
    return pairs;
  }

  private static MatrixStore<ComplexNumber> complex(MatrixStore<Double> real) {
    GenericStore<ComplexNumber> out = GenericStore.C128.make(real.countRows(), real.countColumns());
    out.fillMatching(real);
    return out;
  }

  private static DiscreteSsm layer(NDManager manager, List<Pair> pairs) {
    int n = pairs.size();
    int inputs = pairs.get(0).b.length;
    int outputs = pairs.get(0).c.length;
    double[] margin = pairs.stream().mapToDouble(pair -> pair.margin).toArray();
    return new DiscreteSsm(
        array(manager, new Shape(n), i -> pairs.get(i).pole),
        manager.create(margin),
        array(manager, new Shape(n, inputs), i -> pairs.get(i / inputs).b[i % inputs]),
        array(manager, new Shape(outputs, n), i -> pairs.get(i % n).c[i / n]),
        Optional.empty(),
        Optional.empty());
  }

  private static ComplexArray array(
      NDManager manager, Shape shape, IntFunction<ComplexNumber> element) {
    double[] re = new double[(int) shape.size()];
    double[] im = new double[re.length];
    for (int i = 0; i < re.length; i++) {
      re[i] = element.apply(i).getReal();
      im[i] = element.apply(i).getImaginary();
    }
    return ComplexArray.of(manager.create(re, shape), manager.create(im, shape));
  }
}
