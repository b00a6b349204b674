package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.Discretization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Unstructured random pruning of an S5, beside which App. D.1 sets the pruning of states (Table 5):
 * single elements of Λ, B and C become zero, and the states all stay.
 *
 * <p>An element is a complex number, whole; the elements of Λ, B, C and, in a bidirectional layer,
 * the backward C are drawn from together, and of N of them in a layer exactly ⌊N(1-ratio)⌋ survive.
 * Steps and feedthrough stay.
 *
 * @param title its name in tables and figures
 * @param pole what a pole that is drawn becomes; where it forgets, λ is so far to the left that λ̄
 *     = 0 but for rounding, and B such that B̄ is what it was
 */
public record UnstructuredRandom(String title, ZeroedPole pole) implements Pruning {
  /** Both readings of Table 5. */
  public static final List<UnstructuredRandom> TABLE_5 =
      List.of(
          new UnstructuredRandom("Unstructured random", ZeroedPole.FORGETS),
          new UnstructuredRandom("Unstructured random (λ = 0)", ZeroedPole.INTEGRATES));

  /** Checks that no part is missing. */
  public UnstructuredRandom {
    requireNonNull(title, "title");
    requireNonNull(pole, "pole");
  }

  /**
   * Sets a share of the elements to zero.
   *
   * @throws IllegalArgumentException if the ratio is out of range, or B is no parameter of the
   *     model
   */
  @Override
  public SequenceClassifier prune(SequenceClassifier model, double ratio, long seed) {
    Scope.requireRatio(ratio);
    SplittableRandom random = new SplittableRandom(seed);
    try (NDManager scratch = model.manager().newSubManager()) {
      Map<String, NDArray> parameters = model.parametersByName(scratch);
      List<DiagonalSsm> systems = model.systems(scratch);
      for (int layer = 0; layer < systems.size(); layer++) {
        Interruption.check("the pruning");
        DiagonalSsm system = systems.get(layer);
        long elements = system.lambda().shape().size() + system.b().shape().size();
        elements += system.c().shape().size() * (system.backwardC().isPresent() ? 2 : 1);
        Draw draw = new Draw((int) elements, ratio, random);
        replace(parameters, layer, pruned(system, model.config().discretization(), pole, draw));
      }
      return SequenceClassifier.of(model.manager().getParentManager(), model.config(), parameters);
    }
  }

  private static void replace(Map<String, NDArray> parameters, int layer, DiagonalSsm system) {
    String path = "params/encoder/layers_" + layer + "/seq/";
    replace(parameters, path + "Lambda_re", system.lambda().real());
    replace(parameters, path + "Lambda_im", system.lambda().imag());
    replace(parameters, path + "B", system.b().toPairs());
    boolean bidirectional = system.backwardC().isPresent();
    replace(parameters, path + (bidirectional ? "C1" : "C"), system.c().toPairs());
    system.backwardC().ifPresent(c -> replace(parameters, path + "C2", c.toPairs()));
  }

  private static void replace(Map<String, NDArray> parameters, String name, NDArray value) {
    NDArray before = parameters.get(name);
    if (before == null) {
      throw new IllegalArgumentException("model: expected an S5 with a parameter " + name);
    }
    parameters.put(name, ComplexArray.copy(value, before.getDataType()));
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
      int missing = Scope.survivors(elements, ratio);
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
