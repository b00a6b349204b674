package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.last4j.bound.Certificate;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.SequenceClassifier;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The whole model teaches the pruned one. */
class DistilledTest {
  private static final SequenceData DATA = TinyModels.noise(60);

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** Of a weighted sum of log-probabilities, one number of each parameter. */
  @ParameterizedTest
  @CsvSource({
    "S5,false,FULL_GLU",
    "S5,true,HALF_GLU1",
    "S5,false,HALF_GLU2",
    "S4D,false,GELU",
    "S4D,true,HALF_GLU2"
  })
  void gradientsAreFiniteDifferences(Family family, boolean bidirectional, Activation activation) {
    Random random = new Random(3);
    try (SequenceClassifier single =
            TinyModels.of(
                manager, family, bidirectional, 4, config -> config.activation(activation));
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single)) {
      NDList x =
          new NDList(manager.create(random.doubles(80, -1, 1).toArray(), new Shape(2, 20, 2)));
      Shape shape = model.logProbabilities(x).getShape();
      NDArray weights = manager.create(random.doubles(shape.size(), -1, 1).toArray(), shape);
      UnaryOperator<NDArray> loss = logs -> logs.mul(weights).sum();
      List<Parameter> parameters =
          model.getParameters().values().stream().filter(Parameter::requiresGradient).toList();
      assertTrue(parameters.containsAll(model.systemParameters()));
      model.gradients(x, parameters, NDArray::sum); // leaves nothing behind
      NDList gradients = model.gradients(x, parameters, loss);
      for (int i = 0; i < parameters.size(); i++) {
        NDArray array = parameters.get(i).getArray();
        double[] before = array.toDoubleArray();
        int at = random.nextInt(before.length);
        double expected = 0;
        for (int sign : new int[] {1, -1}) {
          double[] after = before.clone();
          after[at] += sign * 1e-5;
          array.set(after);
          expected += sign * value(loss, model, x) / 2e-5;
        }
        array.set(before);
        double actual = gradients.get(i).toDoubleArray()[at];
        // Of second order: 1e-10 times the third derivative; rounding: 1e-16 / 1e-5.
        String name = parameters.get(i).getName();
        assertEquals(expected, actual, 1e-6 * (1 + Math.abs(expected)), name);
      }
    }
  }

  private static double value(UnaryOperator<NDArray> loss, SequenceClassifier model, NDList x) {
    return ComplexArray.doubles(loss.apply(model.logProbabilities(x)))[0];
  }

  /** The divergence falls, again by the same numbers, and the teacher stays as it was. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void theSmallerModelComesCloser(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 1)) {
      NDList x = new NDList(manager.create(DATA.inputs(), new Shape(60, DATA.length(), 2)));
      float[] whole = model.logProbabilities(x).toFloatArray();
      Divergence divergence = new Divergence(model, DATA);
      Layerwise pruning = Response.on(DATA);
      Distilled distilled = Distilled.on(DATA.asDataset(50), pruning);
      try (SequenceClassifier pruned = pruning.prune(model, 0.75);
          SequenceClassifier taught = distilled.prune(model, 0.75);
          SequenceClassifier again = distilled.prune(model, 0.75)) {
        assertEquals(pruned.config(), taught.config());
        double before = divergence.of(pruned);
        double after = divergence.of(taught);
        assertTrue(after < before / 2, before + " to " + after);
        assertArrayEquals(
            taught.logProbabilities(x).toFloatArray(), again.logProbabilities(x).toFloatArray());
        assertTrue(
            taught.discreteSystems(manager).stream()
                .allMatch(layer -> ComplexArray.doubles(layer.margin().min())[0] > 0));
      }
      assertArrayEquals(whole, model.logProbabilities(x).toFloatArray());
    }
  }

  /** Only systems are others, and so there is a certificate. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void whatIsTaughtIsCertified(Family family) {
    try (SequenceClassifier model = TinyModels.of(manager, family, false, 1);
        SequenceClassifier taught = Distilled.on(DATA, Response.on(DATA)).prune(model, 0.75)) {
      Table layers = Certificate.of(model, taught, DATA.take(3)).layers();
      assertEquals(3 * model.config().layers(), layers.rowCount());
      for (Row row : layers) {
        assertTrue(row.getDouble("lost") > 0, row.toString());
        assertTrue(row.getDouble("lost") <= row.getDouble("bound"), row.toString());
        assertTrue(row.getDouble("bound") <= row.getDouble("norm bound"), row.toString());
      }
    }
  }

  /** Nothing is learnt where nothing went, nor kept where it did harm. */
  @Test
  void whatDoesNotHelpIsLeft() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 1)) {
      NDList x = new NDList(manager.create(DATA.inputs(), new Shape(60, DATA.length(), 2)));
      Layerwise pruning = Response.on(DATA);
      try (SequenceClassifier same = Distilled.on(DATA, pruning).prune(model, 0);
          SequenceClassifier pruned = pruning.prune(model, 0.5);
          SequenceClassifier harmed = new Distilled("", pruning, DATA, 30).prune(model, 0.5)) {
        assertArrayEquals(
            model.logProbabilities(x).toFloatArray(), same.logProbabilities(x).toFloatArray());
        assertArrayEquals(
            pruned.logProbabilities(x).toFloatArray(), harmed.logProbabilities(x).toFloatArray());
      }
    }
    assertEquals(
        "rate: expected a positive number, got NaN",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Distilled("", Response.on(DATA), DATA, Double.NaN))
            .getMessage());
  }
}
