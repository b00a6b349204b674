package io.github.last4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Scope;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Layer-Adaptive STate pruning in five steps: discretise, measure, score, choose, evaluate.
 *
 * <p>Meant for {@code import static io.github.last4j.Last.*}. Each helper checks its arguments and
 * throws {@link IllegalArgumentException} naming the one that does not fit.
 *
 * <p>Arrays live as long as the manager that holds them, and results are held by that of the
 * arguments. So who scores more than once closes what a score is made of:
 *
 * <pre>{@code
 * try (NDManager scratch = model.manager().newSubManager()) {
 *   NDList scores = lastScores(model.discreteSystems(scratch));
 *   Evaluation half = evaluate(model, digits, pruneMasks(scores, 0.5));
 * }
 * }</pre>
 */
public final class Last {
  private Last() {}

  /**
   * Discretises a layer by zero-order hold (Sec. 2.2), in double precision.
   *
   * @param ssm the continuous-time layer, float32 or float64
   * @return the discrete layer, float64, held by the manager of {@code ssm.lambda()}
   */
  public static DiscreteSsm discretize(DiagonalSsm ssm) {
    return discretize(ssm, Discretization.ZOH);
  }

  /** Discretises a layer by the method given, in double precision. */
  public static DiscreteSsm discretize(DiagonalSsm ssm, Discretization method) {
    return method.discretize(ssm);
  }

  /**
   * The H∞ norm of every stored state as one complex state (Eq. 5): the most that it amplifies any
   * input. It stands for a conjugate pair, which has between 0 and 2 times that norm.
   *
   * @param ssm a stable discrete layer with n states
   * @return shape (n), float64, in state order
   */
  public static NDArray hinfNorm(DiscreteSsm ssm) {
    return StateNorms.hinf(ssm);
  }

  /**
   * LAST scores (Eq. 9): squared H∞ norms, each divided by the sum of itself and of the higher ones
   * in its layer.
   *
   * @param layers the stable discrete layers of a model
   * @return one float64 array (n_l) a layer, in state order, each number in [0, 1], held by the
   *     manager of the layer
   */
  public static NDList lastScores(List<DiscreteSsm> layers) {
    NDList scores = new NDList();
    for (double[] logarithms : Criterion.LAST.scores(layers)) {
      NDManager manager = layers.get(scores.size()).lambdaBar().real().getManager();
      scores.add(manager.create(Arrays.stream(logarithms).map(Math::exp).toArray()));
    }
    return scores;
  }

  /**
   * Chooses the states that survive, all layers competing; the rule is {@link Scope#select}'s.
   *
   * @param scores one array (n_l) a layer
   * @param ratio the share of states to remove, in [0, 1]
   * @return one boolean array (n_l) a layer, true where a state survives
   */
  public static NDList pruneMasks(NDList scores, double ratio) {
    return pruneMasks(scores, ratio, Scope.GLOBAL);
  }

  /** Chooses the states that survive, in the scope given. */
  public static NDList pruneMasks(NDList scores, double ratio, Scope scope) {
    if (scope == null) {
      throw new IllegalArgumentException("scope: expected GLOBAL or UNIFORM, got null");
    }
    if (scores == null || scores.isEmpty()) {
      throw new IllegalArgumentException("scores: expected at least one layer, got " + scores);
    }
    List<double[]> values = new ArrayList<>();
    for (NDArray layer : scores) {
      values.add(values("scores[" + values.size() + "]", layer));
    }
    return scope.select(values, ratio).toMasks(scores.head().getManager());
  }

  private static double[] values(String name, NDArray scores) {
    if (scores == null) {
      throw new IllegalArgumentException(name + ": expected an array, got null");
    }
    if (scores.getShape().dimension() != 1 || scores.size() == 0) {
      throw new IllegalArgumentException(
          name + ": expected shape (n) with at least one state, got " + scores.getShape());
    }
    if (!scores.getDataType().isFloating()) {
      throw new IllegalArgumentException(
          name + ": expected float32 or float64, got " + scores.getDataType());
    }
    return ComplexArray.doubles(scores);
  }

  /**
   * Evaluates a model.
   *
   * @param model the model
   * @param test batches of sequences with integer classes
   * @return accuracy in [0, 1], mean negative log-likelihood in nats, and the number of samples
   */
  public static Evaluation evaluate(SequenceClassifier model, Dataset test) {
    return Evaluation.of(model, test);
  }

  /**
   * Evaluates a model without the states that the masks remove; the model itself stays whole.
   *
   * @param masks one boolean array (n_l) a layer, true where a state survives
   */
  public static Evaluation evaluate(SequenceClassifier model, Dataset test, NDList masks) {
    States kept = States.of(masks).requireSurvivors("masks", model.config().pairs());
    try (SequenceClassifier smaller = model.keep(kept)) {
      return Evaluation.of(smaller, test);
    }
  }
}
