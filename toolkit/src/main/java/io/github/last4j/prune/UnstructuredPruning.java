package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiagonalSsm;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Unstructured random pruning, beside which App. D.1 sets the pruning of states (Table 5): single
 * elements of Λ, B and C become zero, and the states all stay.
 */
public final class UnstructuredPruning {
  private UnstructuredPruning() {}

  /**
   * Sets elements drawn at random to zero. An element is a complex number, whole; the elements of
   * Λ, B, C and, in a bidirectional layer, the backward C are drawn from together, and of N of them
   * in a layer exactly ⌊N(1-ratio)⌋ survive. Steps and feedthrough stay.
   *
   * <p>The matrices are the continuous-time ones, which are a model's parameters; the paper does
   * not say which it means. A pole at zero is the limit in which zero-order hold has λ̄ = 1 and B̄
   * = ΔB: the state sums up its inputs. Its outputs are finite for every finite sequence, but it is
   * not stable, and asking for its H∞ norm is an error. (Formulas that divide by λ give NaN.)
   *
   * @param layers the continuous-time layers of a model
   * @param ratio the share of elements to set to zero, in [0, 1]
   * @param seed what is drawn from
   * @return changed copies, held by the managers of the layers' poles
   * @throws IllegalArgumentException if the ratio is out of range
   */
  public static List<DiagonalSsm> random(List<DiagonalSsm> layers, double ratio, long seed) {
    Masks.requireRatio(ratio);
    SplittableRandom random = new SplittableRandom(seed);
    return layers.stream().map(layer -> random(layer, ratio, random)).toList();
  }

  private static DiagonalSsm random(DiagonalSsm layer, double ratio, SplittableRandom random) {
    long elements = layer.lambda().shape().size() + layer.b().shape().size();
    elements += layer.c().shape().size() * (layer.backwardC().isPresent() ? 2 : 1);
    Draw draw = new Draw((int) elements, ratio, random);
    return Scoped.compute(
        layer.lambda().real().getManager(),
        () -> {
          DiagonalSsm copy = layer.toType(layer.lambda().dataType());
          return new DiagonalSsm(
              draw.keep(copy.lambda()),
              draw.keep(copy.b()),
              draw.keep(copy.c()),
              copy.step(),
              copy.backwardC().map(draw::keep),
              copy.feedthrough());
        },
        DiagonalSsm::arrays);
  }

  /** Which elements of a layer survive, dealt out to one matrix after the other. */
  private static final class Draw {
    private final float[] survives;
    private int next;

    Draw(int elements, double ratio, SplittableRandom random) {
      survives = new float[elements];
      // Each survives with the probability that makes the rest come out even.
      int missing = Masks.survivors(elements, ratio);
      for (int i = 0; i < elements; i++) {
        if (random.nextInt(elements - i) < missing) {
          survives[i] = 1;
          missing--;
        }
      }
    }

    ComplexArray keep(ComplexArray matrix) {
      Shape shape = matrix.shape();
      int end = next + (int) shape.size();
      NDManager manager = matrix.real().getManager();
      NDArray mask =
          manager
              .create(Arrays.copyOfRange(survives, next, end))
              .toType(matrix.dataType(), false)
              .reshape(shape);
      next = end;
      return matrix.mul(mask);
    }
  }
}
