package io.github.last4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.HankelSingularValues;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The penalties against explicit Hankel singular values, moduli and finite differences. */
class PenaltyTest {
  private static SequenceClassifier model(
      NDManager manager, Family family, boolean bidirectional, Discretization method, long seed) {
    ModelConfig config =
        ScheduleTest.config(family)
            .with(c -> c.bidirectional(bidirectional).discretization(method));
    try (SequenceClassifier single = SequenceClassifier.create(manager, config, seed)) {
      Map<String, NDArray> parameters = single.parametersByName(manager);
      parameters.replaceAll((name, array) -> array.toType(DataType.FLOAT64, false));
      return SequenceClassifier.of(manager, config, parameters);
    }
  }

  private static double hankel(SequenceClassifier model) {
    double sum = 0;
    try (NDManager scratch = model.manager().newSubManager()) {
      for (DiscreteSsm layer : model.discreteSystems(scratch)) {
        sum += Arrays.stream(HankelSingularValues.of(layer.withoutFeedthrough())).sum();
        if (layer.backwardC().isPresent()) {
          sum += Arrays.stream(HankelSingularValues.backward(layer.withoutFeedthrough())).sum();
        }
      }
    }
    return sum;
  }

  private static double radii(SequenceClassifier model) {
    double sum = 0;
    try (NDManager scratch = model.manager().newSubManager()) {
      for (DiscreteSsm layer : model.discreteSystems(scratch)) {
        sum += layer.lambdaBar().abs().sum().getDouble();
      }
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({
    "S5, false, ZOH, 0",
    "S5, true, ZOH, 1",
    "S5, false, BILINEAR, 2",
    "S5, true, ZOH, 3",
    "S4D, false, ZOH, 4",
    "S4D, true, ZOH, 5"
  })
  void valueAndGradient(Family family, boolean bidirectional, Discretization method, long seed) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = model(manager, family, bidirectional, method, seed)) {
      check(model, Penalty.hankel(0.5), 0.5 * hankel(model), PenaltyTest::hankel, 0.5, seed);
      check(model, Penalty.radius(2), 2 * radii(model), PenaltyTest::radii, 2, seed);
    }
  }

  private static void check(
      SequenceClassifier model,
      Penalty penalty,
      double expected,
      ToDoubleFunction<SequenceClassifier> explicit,
      double weight,
      long seed) {
    NDManager manager = model.manager();
    model.trainedByName().values().forEach(p -> p.getArray().setRequiresGradient(true));
    double value;
    try (NDManager kept = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.zeroGradients();
      NDArray sum = penalty.of(model, kept).value();
      collector.backward(sum);
      value = sum.getDouble();
    }
    // What is left out is below 1e-10 of the largest value each.
    assertEquals(expected, value, 1e-7 * expected);
    Random random = new Random(seed);
    double h = 1e-5;
    for (Map.Entry<String, Parameter> entry : model.trainedByName().entrySet()) {
      // Nothing else is in it.
      if (!entry.getKey().contains("/seq/") || entry.getKey().endsWith("/D")) {
        continue;
      }
      NDArray array = entry.getValue().getArray();
      double[] gradient = array.getGradient().toDoubleArray();
      // Along a random direction: every number of the parameter takes part.
      double[] start = array.toDoubleArray();
      double[] direction = random.doubles(start.length, -1, 1).toArray();
      double slope = 0;
      for (int i = 0; i < start.length; i++) {
        slope += gradient[i] * direction[i];
      }
      double[] ends = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = start.clone();
        for (int i = 0; i < start.length; i++) {
          moved[i] += (2 * side - 1) * h * direction[i];
        }
        try (NDArray values = manager.create(moved, array.getShape())) {
          values.copyTo(array);
        }
        ends[side] = weight * explicit.applyAsDouble(model);
      }
      try (NDArray values = manager.create(start, array.getShape())) {
        values.copyTo(array);
      }
      double difference = (ends[1] - ends[0]) / (2 * h);
      // Central differences: h² of curvature and 1e-12/h of rounding.
      assertEquals(difference, slope, 1e-5 * (1 + Math.abs(difference)), entry.getKey());
    }
  }

  /** Vectors of some steps ago bound the sum from above. */
  @ParameterizedTest
  @CsvSource({"S5, 0", "S5, 1", "S4D, 2"})
  void oldVectorsBoundTheSum(Family family, long seed) {
    try (NDManager manager = NDManager.newBaseManager();
        NDManager kept = manager.newSubManager();
        SequenceClassifier model = model(manager, family, false, Discretization.ZOH, seed)) {
      Penalty.Term term = Penalty.hankel(1, 1000).of(model, kept);
      double before = term.value().getDouble();
      Random random = new Random(seed);
      for (int step = 0; step < 5; step++) {
        model
            .trainedByName()
            .forEach(
                (name, parameter) -> {
                  if (name.endsWith("/C") || name.endsWith("/B")) {
                    NDArray array = parameter.getArray();
                    double[] moved = array.toDoubleArray();
                    for (int i = 0; i < moved.length; i++) {
                      moved[i] += 0.02 * random.nextGaussian();
                    }
                    manager.create(moved, array.getShape()).copyTo(array);
                  }
                });
        double bound = term.value().getDouble();
        double exact = hankel(model);
        // Vectors of values that are rounding are left out.
        assertTrue(bound >= exact * (1 - 1e-4), bound + " and " + exact);
        assertTrue(bound <= 3 * exact + before, bound + " and " + exact);
      }
    }
  }

  /** Heavy penalties make what they are on smaller than none does. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aPenaltyShrinksWhatItIsOn(boolean hankel) {
    SequenceData data = ScheduleTest.sequences(60);
    Recipe recipe = Recipe.epochs(6).batch(10).rates(0.008, 0.02);
    double[] left = new double[2];
    for (int with = 0; with < 2; with++) {
      try (NDManager manager = NDManager.newBaseManager();
          SequenceClassifier model =
              SequenceClassifier.create(manager, ScheduleTest.config(Family.S5), 1)) {
        Plan plan = Plan.of(recipe);
        if (with == 1) {
          plan = plan.with(hankel ? Penalty.hankel(0.03) : Penalty.radius(0.3));
        }
        plan.run(model, data, data, new Training.Listener() {});
        left[with] = hankel ? hankel(model) : radii(model);
      }
    }
    assertTrue(left[1] < 0.9 * left[0], left[1] + " with, and without " + left[0]);
  }
}
