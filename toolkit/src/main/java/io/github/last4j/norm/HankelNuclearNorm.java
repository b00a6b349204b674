package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.Parts.Part;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ojalgo.matrix.store.MatrixStore;

/**
 * The sum of the {@link HankelSingularValues} of a layer, of both directions where it has two, as
 * something to differentiate.
 *
 * <p>With the balancing vectors w<sub>j</sub> and t<sub>j</sub> of the Gramians P and Q, Σσ<sub>
 * j</sub> = ½Σ(w<sub>j</sub>'Pw<sub>j</sub> + t<sub>j</sub>'Qt<sub>j</sub>), and its gradient is
 * that of the right side with the vectors as they are: no eigenvalue is differentiated, and the
 * vectors need not be of this step. Those of another layer near it, in balanced coordinates of
 * which every one is kept, make the right side an upper bound of Σσ with nearly its gradient.
 *
 * <p>Values below 10<sup>-10</sup> of a part's largest are left out: their vectors are rounding.
 */
public final class HankelNuclearNorm {
  private static final double SMALLEST = 1e-10;

  /**
   * The weights of the elements of a Gramian in the complex state, (n, n) each.
   *
   * @param hermitian of v<sub>i</sub>v<sub>k</sub><sup>*</sup>/(1-λ<sub>i</sub>λ<sub>k</sub><sup>
   *     *</sup>)
   * @param symmetric of v<sub>i</sub>v<sub>k</sub>/(1-λ<sub>i</sub>λ<sub>k</sub>)
   */
  private record Weights(ComplexArray hermitian, ComplexArray symmetric) {
    /** Of tr(VV'G) for a real Gramian G in pairs of coordinates. */
    static Weights of(NDManager owner, MatrixStore<Double> vectors, double factor, boolean conj) {
      MatrixStore<Double> m = vectors.multiply(vectors.transpose());
      int n = (int) m.countRows() / 2;
      double[][] parts = new double[4][n * n];
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < n; k++) {
          double rr = factor * m.doubleValue(2 * i, 2 * k);
          double ri = factor * m.doubleValue(2 * i, 2 * k + 1);
          double ir = factor * m.doubleValue(2 * i + 1, 2 * k);
          double ii = factor * m.doubleValue(2 * i + 1, 2 * k + 1);
          int at = i * n + k;
          parts[0][at] = rr + ii;
          parts[1][at] = conj ? ri - ir : ir - ri;
          parts[2][at] = rr - ii;
          parts[3][at] = conj ? -ri - ir : ri + ir;
        }
      }
      Shape shape = new Shape(n, n);
      return new Weights(
          ComplexArray.of(owner.create(parts[0], shape), owner.create(parts[1], shape)),
          ComplexArray.of(owner.create(parts[2], shape), owner.create(parts[3], shape)));
    }
  }

  /**
   * The states of a part in one direction, with the weights of both of its Gramians.
   *
   * @param rows which states of the layer it has, if not all: int64, (n)
   * @param signs of imaginary parts, (n): Gramians have the member of each pair above the real axis
   */
  private record Direction(
      Optional<NDArray> rows, boolean backward, NDArray signs, Weights size, Weights matter) {
    NDList arrays() {
      NDList arrays = new NDList(signs);
      rows.ifPresent(arrays::add);
      for (Weights weights : List.of(size, matter)) {
        arrays.addAll(new NDList(weights.hermitian.real(), weights.hermitian.imag()));
        arrays.addAll(new NDList(weights.symmetric.real(), weights.symmetric.imag()));
      }
      return arrays;
    }

    /** Conjugates rows of states where Gramians do. */
    ComplexArray oriented(ComplexArray x) {
      NDArray factors = x.shape().dimension() == 1 ? signs : signs.reshape(-1, 1);
      return ComplexArray.of(x.real(), x.imag().mul(factors));
    }
  }

  private final List<Direction> directions;
  private final int count;

  private HankelNuclearNorm(List<Direction> directions, int count) {
    this.directions = directions;
    this.count = count;
  }

  /**
   * With the balancing vectors of a layer.
   *
   * @param owner holds them
   * @param layer a stable layer, float64; its feedthrough does not count
   * @throws IllegalArgumentException if a pole is not inside the unit circle or a number is not
   *     finite
   */
  public static HankelNuclearNorm at(NDManager owner, DiscreteSsm layer) {
    List<Direction> directions = new ArrayList<>();
    double[] im = ComplexArray.doubles(layer.lambdaBar().imag());
    for (Part part : Parts.of(layer.withoutFeedthrough()).list()) {
      for (int d = 0; d < (layer.backwardC().isPresent() ? 2 : 1); d++) {
        Gramians gramians = Gramians.of(part.system, d * part.system.states);
        Balancing balancing = Balancing.of(gramians);
        double[] values = balancing.values();
        int order =
            (int)
                IntStream.range(0, values.length)
                    .filter(j -> values[j] > SMALLEST * values[0])
                    .count();
        if (order > 0) {
          double[] signs = IntStream.of(part.states).mapToDouble(i -> im[i] < 0 ? -1 : 1).toArray();
          directions.add(
              new Direction(
                  part.states.length == layer.states()
                      ? Optional.empty()
                      : Optional.of(
                          owner.create(IntStream.of(part.states).asLongStream().toArray())),
                  d == 1,
                  owner.create(signs),
                  Weights.of(owner, balancing.into(order), 0.5, false),
                  Weights.of(owner, balancing.outOf(order), 0.5, true)));
        }
      }
    }
    // Steps that come later need them: scopes of this one must not free them.
    directions.forEach(direction -> NDScope.unregister(direction.arrays()));
    return new HankelNuclearNorm(List.copyOf(directions), layer.states());
  }

  /**
   * The sum for a layer, which is Σσ if it is the one that the vectors are of.
   *
   * @param layer float64, with the states that the vectors are of; differentiable
   * @return shape (), float64, held as the arrays of the layer are
   * @throws IllegalArgumentException if the layer has another number of states
   */
  public NDArray of(DiscreteSsm layer) {
    if (layer.states() != count) {
      throw new IllegalArgumentException(
          "layer: expected " + count + " states, as the vectors have, got " + layer.states());
    }
    NDArray sum = layer.margin().zerosLike().sum();
    for (Direction direction : directions) {
      ComplexArray c = direction.backward ? layer.backwardC().orElseThrow() : layer.c();
      ComplexArray poles = layer.lambdaBar();
      ComplexArray input = layer.bBar();
      // What is read after the impulse, CA, by rows of states.
      ComplexArray output = c.mul(poles).transpose();
      if (direction.rows.isPresent()) {
        NDIndex rows = new NDIndex("{}", direction.rows.get());
        poles = poles.get(rows);
        input = input.get(rows);
        output = output.get(rows);
      }
      Denominators denominators = Denominators.of(direction.oriented(poles));
      sum =
          sum.add(denominators.weighted(direction.oriented(input), direction.size))
              .add(denominators.weighted(direction.oriented(output), direction.matter));
    }
    return sum;
  }

  /** 1-λ<sub>i</sub>λ<sub>k</sub><sup>*</sup> and 1-λ<sub>i</sub>λ<sub>k</sub>. */
  private record Denominators(ComplexArray hermitian, ComplexArray symmetric) {
    static Denominators of(ComplexArray poles) {
      NDArray re = poles.real().reshape(-1, 1);
      NDArray im = poles.imag().reshape(-1, 1);
      NDArray rr = re.matMul(re.transpose());
      NDArray ii = im.matMul(im.transpose());
      NDArray ir = im.matMul(re.transpose());
      NDArray ri = ir.transpose();
      return new Denominators(
          ComplexArray.of(rr.add(ii).neg().add(1), ri.sub(ir)),
          ComplexArray.of(rr.sub(ii).neg().add(1), ri.add(ir).neg()));
    }

    /** The weighted sum of the elements of the Gramian of rows v (n, m). */
    NDArray weighted(ComplexArray v, Weights weights) {
      NDArray rr = v.real().matMul(v.real().transpose());
      NDArray ii = v.imag().matMul(v.imag().transpose());
      NDArray ir = v.imag().matMul(v.real().transpose());
      NDArray ri = ir.transpose();
      ComplexArray one = ComplexArray.of(rr.add(ii), ir.sub(ri)).div(hermitian);
      ComplexArray two = ComplexArray.of(rr.sub(ii), ir.add(ri)).div(symmetric);
      return product(weights.hermitian, one).add(product(weights.symmetric, two));
    }

    private static NDArray product(ComplexArray weights, ComplexArray elements) {
      return weights.real().mul(elements.real()).add(weights.imag().mul(elements.imag())).sum();
    }
  }
}
