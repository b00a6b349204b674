package io.github.last4j.bench;

import ai.djl.ndarray.NDManager;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.HamiltonianHinf;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.train.S5Preset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The certified H∞ norm of a layer, 64 pairs and h = 96, beside bisection on Hamiltonian matrices.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class HinfBenchmark {
  private static final double TOLERANCE = 1e-6;

  private NDManager manager;
  private DiscreteSsm layer;

  @Setup
  public void make() {
    manager = NDManager.newBaseManager();
    layer =
        SequenceClassifier.create(manager, S5Preset.SMNIST.config(), 0)
            .discreteSystems(manager)
            .get(0);
  }

  @TearDown
  public void close() {
    manager.close();
  }

  @Benchmark
  public HinfNorm ours() {
    return SystemNorms.hinf(layer, TOLERANCE);
  }

  @Benchmark
  public HinfNorm beside() {
    return HamiltonianHinf.norm(layer, TOLERANCE);
  }
}
