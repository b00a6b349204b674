package io.github.last4j.train;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which parameters learn at which rate, seen from what moves. */
class ParameterGroupsTest {
  private static final Set<String> SSM = Set.of("Lambda_re", "Lambda_im", "B", "log_step");
  // Too small for a visible change of any parameter.
  private static final double STILL = 1e-12;

  @Test
  void ssmParametersHaveTheSsmRate() {
    TreeSet<String> all = new TreeSet<>();
    Set<String> bySsm = moved(STILL, 1e-2, all);
    Set<String> byBase = moved(1e-2, STILL, all);
    Set<String> ssm =
        all.stream()
            .filter(name -> SSM.contains(name.substring(name.lastIndexOf('/') + 1)))
            .collect(Collectors.toSet());
    // Two layers of four.
    assertEquals(8, ssm.size());
    assertEquals(new TreeSet<>(ssm), bySsm);
    all.removeAll(ssm);
    assertEquals(all, byBase);
  }

  private static Set<String> moved(double rate, double ssmRate, Set<String> all) {
    Random random = new Random(3);
    float[] inputs = new float[12 * 10];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = (float) random.nextGaussian();
    }
    SequenceData data =
        SequenceData.of(
            "noise", "", 10, 1, 3, inputs, new int[] {0, 1, 2, 0, 1, 2, 2, 1, 0, 0, 0, 1});
    ModelConfig config =
        ModelConfig.s5(1, 3)
            .with(
                c ->
                    c.channels(4)
                        .pairs(layers(2, 3))
                        .bidirectional(true)
                        .activation(Activation.FULL_GLU));
    Set<String> moved = new TreeSet<>();
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 1)) {
      Map<String, NDArray> before = model.parametersByName(manager);
      Recipe recipe = new Recipe(1, 0, 4, rate, ssmRate, 0, 0);
      Training.run(model, data, data, recipe, new Training.Listener() {});
      model
          .parametersByName(manager)
          .forEach(
              (name, array) -> {
                if (name.startsWith("params/")) {
                  all.add(name);
                  if (array.sub(before.get(name)).abs().max().getFloat() > 1e-6) {
                    moved.add(name);
                  }
                }
              });
    }
    return moved;
  }
}
