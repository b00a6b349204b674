package io.github.last4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.model.Family;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies between two cuts of a schedule, and another that goes on. */
class KilledTrainingTest {
  private static final int KILLED = 137;

  /** Trains, or dies at a step of the third epoch. */
  static final class Child {
    private Child() {}

    /** The state of the training, the model that it ends with, and the step to die at, or 0. */
    public static void main(String[] args) throws IOException {
      int fatal = Integer.parseInt(args[2]);
      SequenceData data = ScheduleTest.sequences(60);
      Training.Listener listener =
          new Training.Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              if (epoch == 3 && step == fatal) {
                Runtime.getRuntime().halt(KILLED);
              }
            }
          };
      try (NDManager manager = NDManager.newBaseManager()) {
        SequenceClassifier model =
            SequenceClassifier.create(manager, ScheduleTest.config(Family.S5), 1);
        Outcome outcome =
            Plan.of(new Recipe(5, 1, 10, 0.02, 0.01, 0.1, 5))
                .with(Schedule.cubic(Criterion.LAST, 0.75, 6, 0.1, 0.9))
                .with(Penalty.hankel(1e-3, 4))
                .resuming(Path.of(args[0]))
                .run(model, data, data, listener);
        Checkpoints.save(outcome.model(), Path.of(args[1]));
      }
    }
  }

  @Test
  void aKilledProcessLeavesWhatAnotherGoesOnFrom(@TempDir Path folder) throws Exception {
    Path state = folder.resolve("state");
    Path straight = folder.resolve("straight");
    assertEquals(0, child(folder.resolve("other"), straight, 0));
    Path resumed = folder.resolve("resumed");
    assertEquals(KILLED, child(state, resumed, 4));
    assertTrue(Files.exists(state));
    assertTrue(Files.notExists(resumed));
    assertEquals(0, child(state, resumed, 0));
    assertArrayEquals(Files.readAllBytes(straight), Files.readAllBytes(resumed));
    try (NDManager manager = NDManager.newBaseManager()) {
      assertEquals(4, Amount.states(Checkpoints.load(manager, resumed)));
    }
  }

  private static int child(Path state, Path model, int fatal) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                state.toString(),
                model.toString(),
                Integer.toString(fatal)));
    builder.environment().put("OMP_NUM_THREADS", "1");
    Process process =
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "ended");
    return process.exitValue();
  }
}
