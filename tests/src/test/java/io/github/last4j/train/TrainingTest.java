package io.github.last4j.train;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The optimiser's formulas, what a step changes, and what a seed fixes. */
class TrainingTest {
  private static final Recipe RECIPE = new Recipe(4, 1, 10, 0.01, 0.002, 0.1, 5);

  private static SequenceData sequences() {
    Random random = new Random(2);
    float[] inputs = new float[40 * 9];
    int[] labels = new int[40];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(2);
    }
    return SequenceData.of("tiny", "none", 9, 1, 2, inputs, labels);
  }

  private static ModelConfig config(double dropout) {
    return ModelConfig.s5(1, 2).with(c -> c.channels(4).pairs(layers(1, 6)).dropout(dropout));
  }

  /** The rate of update t, counted from one, as DJL counts. */
  private static double rate(double peak, int t) {
    int warmUp = 4;
    int total = 16;
    if (t <= warmUp) {
      return peak * t / warmUp;
    }
    return peak * 0.5 * (1 + Math.cos(Math.PI * (t - warmUp) / (total - warmUp)));
  }

  @Test
  void ratesRiseAndFall() {
    for (int t = 1; t <= 16; t++) {
      // The tracker computes in single precision.
      assertEquals(
          rate(0.01, t), GroupedOptimizer.rate(0.01, RECIPE, 4).getNewValue(t), 1e-8, "t = " + t);
    }
  }

  @Test
  void updatesAreAdamAndAdamW() {
    try (NDManager manager = NDManager.newBaseManager();
        NDManager moments = manager.newSubManager()) {
      GroupedOptimizer optimizer = new GroupedOptimizer(RECIPE, Set.of("ssm"), 4, moments);
      double[][] weights = {{1, -2, 0.5}, {1, -2, 0.5}};
      String[] ids = {"ssm", "base"};
      double[] peaks = {0.002, 0.01};
      double[] decays = {0, 0.1};
      for (int group = 0; group < 2; group++) {
        NDArray weight = manager.create(new float[] {1, -2, 0.5f});
        weight.setRequiresGradient(true);
        double[] mean = new double[3];
        double[] square = new double[3];
        for (int t = 1; t <= 16; t++) {
          float[] gradient = {0.1f * t, -3, (float) Math.sin(t)};
          optimizer.update(ids[group], weight, manager.create(gradient));
          double rate = rate(peaks[group], t);
          for (int i = 0; i < 3; i++) {
            mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
            square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
            double m = mean[i] / (1 - Math.pow(0.9, t));
            double v = square[i] / (1 - Math.pow(0.999, t));
            weights[group][i] -=
                rate * (m / (Math.sqrt(v) + 1e-8) + decays[group] * weights[group][i]);
          }
          float[] actual = weight.toFloatArray();
          for (int i = 0; i < 3; i++) {
            // Single precision, and an ε that enters before or after the bias correction.
            assertEquals(weights[group][i], actual[i], 2e-6, ids[group] + " at " + t);
          }
        }
        assertEquals(2 * (group + 1), moments.getManagedArrays().size(), "moments with an owner");
      }
    }
  }

  @Test
  void runningStatisticsKeepTheirShare() {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config(0), 1)) {
      Map<String, NDArray> start = model.parametersByName(manager);
      float[] kernel = start.get("params/encoder/encoder/kernel").toFloatArray();
      SequenceData data = sequences();
      Recipe oneStep = new Recipe(1, 0, 40, 1e-9, 1e-9, 0, 0);
      Training.run(model, data, data, oneStep, new Training.Listener() {});
      Map<String, NDArray> end = model.parametersByName(manager);
      float[] means = end.get("batch_stats/encoder/layers_0/norm/mean").toFloatArray();
      float[] variances = end.get("batch_stats/encoder/layers_0/norm/var").toFloatArray();
      float[] x = data.inputs();
      for (int channel = 0; channel < kernel.length; channel++) {
        double k = kernel[channel];
        double mean = 0;
        for (float value : x) {
          mean += k * value / x.length;
        }
        double variance = 0;
        for (float value : x) {
          variance += (k * value - mean) * (k * value - mean) / x.length;
        }
        assertEquals(0.05 * mean, means[channel], 1e-6);
        // Biased or unbiased differ by one part in 360 of the new share.
        assertEquals(0.95 + 0.05 * variance, variances[channel], 2e-4 * variance + 1e-6);
      }
    }
  }

  @Test
  void theSeedFixesTheRun() {
    float[] first = trained(1);
    assertArrayEquals(first, trained(1), 1e-6f);
    assertFalse(Arrays.equals(first, trained(2)));
  }

  private static float[] trained(long seed) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config(0.2), 1)) {
      Recipe recipe = new Recipe(1, 0, 10, 0.01, 0.002, 0.1, seed);
      Training.run(model, sequences(), sequences(), recipe, new Training.Listener() {});
      return model.parametersByName(manager).get("params/decoder/kernel").toFloatArray();
    }
  }

  /** The course as a table, of a run that shows how far it is, against one that is listened to. */
  @Test
  void epochsAreATable() {
    Recipe recipe = Recipe.epochs(3).batch(20);
    SequenceData data = sequences();
    List<Epoch> heard = new ArrayList<>();
    Table course;
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier one = SequenceClassifier.create(manager, config(0), 1);
        SequenceClassifier other = SequenceClassifier.create(manager, config(0), 1)) {
      course = Epoch.table(Training.run(one, data, data.take(20), recipe));
      Training.run(other, data, data.take(20), recipe, Training.Listener.ofEpochs(heard::add));
    }
    assertEquals(3, course.rowCount());
    for (int i = 0; i < 3; i++) {
      Row row = course.row(i);
      Epoch epoch = heard.get(i);
      assertEquals(i + 1, row.getInt("epoch"));
      // The same arithmetic twice; sums may be split over threads in other ways.
      assertEquals(epoch.loss(), row.getDouble("training loss"), 1e-5);
      assertEquals(epoch.validation().loss(), row.getDouble("validation loss"), 1e-5);
      assertEquals(epoch.validation().accuracy(), row.getDouble("validation accuracy"), 0.051);
    }
  }

  @Test
  void divergenceIsSaid() {
    assertTrue(divergence(1e30, 0).startsWith("training diverged"));
    assertTrue(divergence(1e-3, Float.NaN).contains("not finite is params/decoder/bias"));
  }

  private static String divergence(double rate, float bias) {
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config(0), 1)) {
      model
          .getChildren()
          .get("03decoder")
          .getParameters()
          .get("bias")
          .getArray()
          .set(new float[] {bias, bias});
      Recipe recipe = new Recipe(40, 0, 10, rate, rate, 0, 0);
      SequenceData data = sequences();
      return assertThrows(
              IllegalStateException.class,
              () -> Training.run(model, data, data, recipe, new Training.Listener() {}))
          .getMessage();
    }
  }
}
