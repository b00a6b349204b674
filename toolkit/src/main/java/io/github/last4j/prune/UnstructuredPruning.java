package io.github.last4j.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.Discretization;
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
   * @param layers the continuous-time layers of a model
   * @param method how they will be discretised
   * @param pole what a pole that is drawn becomes; where it forgets, λ is so far to the left that
   *     λ̄ = 0 but for rounding, and B such that B̄ is what it was
   * @param ratio the share of elements to set to zero, in [0, 1]
   * @param seed what is drawn from
   * @return changed copies, held by the managers of the layers' poles
   * @throws IllegalArgumentException if the ratio is out of range
   */
  public static List<DiagonalSsm> random(
      List<DiagonalSsm> layers, Discretization method, ZeroedPole pole, double ratio, long seed) {
    Masks.requireRatio(ratio);
    SplittableRandom random = new SplittableRandom(seed);
    return layers.stream()
        .map(
            layer -> {
              long elements = layer.lambda().shape().size() + layer.b().shape().size();
              elements += layer.c().shape().size() * (layer.backwardC().isPresent() ? 2 : 1);
              Draw draw = new Draw((int) elements, ratio, random);
              return Scoped.compute(
                  layer.lambda().real().getManager(),
                  () -> pruned(layer.toType(layer.lambda().dataType()), method, pole, draw),
                  DiagonalSsm::arrays);
            })
        .toList();
  }

  private static DiagonalSsm pruned(
      DiagonalSsm copy, Discretization method, ZeroedPole pole, Draw draw) {
    NDArray stays = draw.next(copy.lambda());
    ComplexArray lambda = copy.lambda().mul(stays);
    ComplexArray b = copy.b().mul(draw.next(copy.b()));
    if (pole == ZeroedPole.FORGETS) {
      // λ̄ = exp(-1000) is zero in double precision, and (1+z)/(1-z) is at z = λΔ/2 = -1.
      double far = method == Discretization.ZOH ? -1000 : -2;
      NDArray gone = stays.neg().add(1);
      ComplexArray farPole = ComplexArray.of(gone.mul(far).div(copy.step()), gone.zerosLike());
      lambda = lambda.add(farPole);
      ComplexArray before = method.poles(copy.lambda(), copy.step()).gain();
      ComplexArray after = method.poles(lambda, copy.step()).gain();
      ComplexArray change = before.div(after).mul(gone);
      ComplexArray factor = ComplexArray.of(change.real().add(stays), change.imag());
      b = b.mul(factor.reshape(-1, 1));
    }
    return new DiagonalSsm(
        lambda,
        b,
        copy.c().mul(draw.next(copy.c())),
        copy.step(),
        copy.backwardC().map(c -> c.mul(draw.next(c))),
        copy.feedthrough());
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

    /** One for every element of the matrix that survives, and zero for the others. */
    NDArray next(ComplexArray matrix) {
      Shape shape = matrix.shape();
      int end = next + (int) shape.size();
      NDArray mask =
          matrix.real().getManager().create(Arrays.copyOfRange(survives, next, end), shape);
      next = end;
      return mask.toType(matrix.dataType(), false);
    }
  }
}
