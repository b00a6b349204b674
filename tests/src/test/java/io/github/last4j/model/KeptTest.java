package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What evaluation keeps of the parameters is never that of old ones, or of another length. */
class KeptTest {

  /** Written into in any order, a model gives what a new model of the same numbers gives. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void everyChangeIsSeen(Family family) {
    ModelConfig config =
        ModelConfig.s5(1, 10)
            .with(
                c ->
                    c.family(family)
                        .bidirectional(true)
                        .activation(Activation.FULL_GLU)
                        .channels(4)
                        .pairs(layers(2, 8)));
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
      NDArray longer = manager.randomUniform(-1, 1, new Shape(2, 70, 1), DataType.FLOAT32);
      NDArray shorter = longer.get(":, :9");
      for (Parameter parameter : model.getParameters().values()) {
        for (NDArray x : List.of(longer, shorter, longer)) {
          NDArray before = model.logProbabilities(new NDList(x));
          Shape shape = parameter.getArray().getShape();
          parameter.getArray().addi(manager.randomUniform(0.01f, 0.02f, shape, DataType.FLOAT32));
          NDArray after = model.logProbabilities(new NDList(x));
          try (NDManager scratch = manager.newSubManager();
              SequenceClassifier same =
                  SequenceClassifier.of(manager, config, model.parametersByName(scratch))) {
            assertEquals(same.logProbabilities(new NDList(x)), after, parameter.getName());
          }
          assertNotEquals(before, after, parameter.getName());
        }
      }
    }
  }
}
