package io.github.last4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.bound.Nonlinearity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The exact GELU and another ε in normalisations: what a layer does is what the formulas say. */
class PyTorchVariantTest {
  // The error function is known to 1e-7, and the numbers are of size one.
  private static final double TOLERANCE = 1e-6;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private SequenceClassifier model(ModelConfig config) {
    try (SequenceClassifier drawn = SequenceClassifier.create(manager, config, 3)) {
      Map<String, NDArray> doubles = new LinkedHashMap<>();
      drawn
          .parametersByName(manager)
          .forEach((name, array) -> doubles.put(name, array.toType(DataType.FLOAT64, false)));
      return SequenceClassifier.of(manager, config, doubles);
    }
  }

  @ParameterizedTest
  @EnumSource(Normalization.class)
  void aLayerIsWhatTheFormulasSay(Normalization normalization) {
    double epsilon = 0.5;
    ModelConfig config =
        ModelConfig.s5(2, 3)
            .with(
                c ->
                    c.channels(4)
                        .pairs(List.of(4, 4))
                        .activation(Activation.GELU)
                        .normalization(normalization)
                        .exactGelu(true)
                        .normEpsilon(epsilon));
    try (SequenceClassifier model = model(config)) {
      NDArray x = manager.randomNormal(new Shape(2, 9, 2)).toType(DataType.FLOAT64, false);
      List<LayerTrace> layers = model.trace(new NDList(x));
      NDArray before = layers.get(0).output();
      LayerTrace layer = layers.get(1);
      NDArray centred = before;
      NDArray variance = before.onesLike();
      if (normalization == Normalization.LAYER) {
        centred = before.sub(before.mean(new int[] {-1}, true));
        variance = centred.square().mean(new int[] {-1}, true);
      }
      NDArray seen = centred.div(variance.add(epsilon).sqrt());
      assertClose(seen, layer.normalized());
      assertClose(before.add(Nonlinearity.GELU.apply(layer.response())), layer.output());
    }
  }

  private static void assertClose(NDArray expected, NDArray got) {
    double error = expected.sub(got).abs().max().getDouble();
    assertTrue(error < TOLERANCE, "off by " + error);
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    ModelConfig config = ModelConfig.s5(2, 3);
    for (double rescale : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> config.with(c -> c.stepRescale(rescale)))
              .getMessage();
      assertEquals("stepRescale: expected a positive number, got " + rescale, message);
    }
    assertThrows(IllegalArgumentException.class, () -> config.with(c -> c.normEpsilon(-1e-5)));
  }
}
