package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.bound.Bound;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.bound.ResidualBound;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.LargestRatio;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Scan;
import io.github.last4j.ssm.StateSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * A layer as large as the paper's largest S4D, 512 channels with 32 pairs each: as matrices its B̄
 * and C alone are half a gigabyte, and its whole Gramian eight.
 */
class LargeLayerTest {
  private static final int CHANNELS = 512;
  private static final int STATES = 32 * CHANNELS;
  private static final Path STATUS = Path.of("/proc/self/status");

  /** The most memory that this process has had, in bytes, as Linux counts it. */
  private static long peak() throws IOException {
    String line =
        Files.readAllLines(STATUS).stream()
            .filter(l -> l.startsWith("VmHWM:"))
            .findFirst()
            .orElseThrow();
    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
  }

  /** In a process of its own, which has nothing else in it. */
  @Test
  void allNormsInOneGigabyte() throws Exception {
    assumeTrue(Files.isReadable(STATUS), "Linux tells the memory of a process");
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-DOPT_OUT_TRACKING=true",
            "-cp",
            System.getProperty("java.class.path"),
            Norms.class.getName());
    // Threads of the engine that wait do not take the time of those that other tests have.
    java.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    Process child = java.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String report = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), report);
    List<String> lines = report.lines().filter(line -> line.startsWith("norm ")).toList();
    assertEquals(Norms.all().size(), lines.size(), report);
    String last = lines.get(lines.size() - 1);
    assertTrue(Long.parseLong(last.substring(last.lastIndexOf(' ') + 1)) < 1_000_000_000, report);
  }

  /** What the process computes: of a layer of two directions, of which one is truncated. */
  static final class Norms {
    private Norms() {}

    private static StateSet kept() {
      return StateSet.where(STATES, i -> i % 3 > 0);
    }

    static Map<String, ToDoubleFunction<SequenceClassifier>> all() {
      Map<String, ToDoubleFunction<SequenceClassifier>> all = new LinkedHashMap<>();
      all.put("scores", of(layer -> Last.lastScores(List.of(layer)).get(0).sum().getDouble()));
      all.put("hinf", of(layer -> SystemNorms.hinf(layer, 1e-6).upper()));
      all.put("h2", of(SystemNorms::h2));
      all.put("gramians", of(layer -> Gramians.backward(layer).observability().doubleValue(0, 0)));
      all.put("hankel", of(layer -> HankelSingularValues.of(layer)[0]));
      all.put("worst", of(layer -> WorstCaseInput.gainWithinSteps(layer, 0.1, 784, 1)));
      all.put("bound", of(layer -> Bound.SHARP.layer(layer, kept(), Nonlinearity.GELU, 1).value()));
      all.put("block", of(Norms::removed));
      all.put("truncation", of(Norms::truncated));
      all.put(
          "ratio",
          model -> LargestRatio.of(Criterion.LAST, model, 0, Tolerance.energy(0.05), 0.1).ratio());
      return all;
    }

    private static ToDoubleFunction<SequenceClassifier> of(ToDoubleFunction<DiscreteSsm> norm) {
      return model -> {
        try (NDManager scratch = model.manager().newSubManager()) {
          return norm.applyAsDouble(model.discreteSystem(scratch, 0));
        }
      };
    }

    private static double removed(DiscreteSsm layer) {
      NDArray scale = layer.margin().get(":{}", CHANNELS);
      return ResidualBound.Block.of(layer, layer.keep(kept()), scale).removed();
    }

    private static double truncated(DiscreteSsm layer) {
      DiscreteSsm forward = layer.direction(Scan.Direction.FORWARD);
      return SystemNorms.hinf(BalancedTruncation.error(forward, STATES), 1e-4).upper();
    }

    /** Prints the name of each norm, its value, seconds and the most memory so far. */
    public static void main(String[] args) throws IOException {
      ModelConfig config =
          ModelConfig.s4d(1, 10)
              .with(c -> c.channels(CHANNELS).pairs(List.of(STATES)).bidirectional(true));
      try (NDManager manager = NDManager.newBaseManager();
          SequenceClassifier model = SequenceClassifier.create(manager, config, 0)) {
        for (Map.Entry<String, ToDoubleFunction<SequenceClassifier>> norm : all().entrySet()) {
          long start = System.nanoTime();
          double value = norm.getValue().applyAsDouble(model);
          if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException(norm.getKey() + " is " + value);
          }
          double seconds = (System.nanoTime() - start) / 1e9;
          System.out.println(
              String.format(
                  Locale.ROOT, "norm %s %g %.1f s, %d", norm.getKey(), value, seconds, peak()));
        }
      }
    }
  }
}
