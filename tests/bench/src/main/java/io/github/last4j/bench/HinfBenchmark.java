package io.github.last4j.bench;

import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.HamiltonianHinf;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.train.S5Preset;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/**
 * The certified H∞ norm of a layer, 64 pairs and h = 96, beside bisection on Hamiltonian matrices.
 */
public class HinfBenchmark extends Comparison {
  private static final double TOLERANCE = 1e-6;

  private DiscreteSsm layer;

  @Setup
  public void make() {
    layer =
        SequenceClassifier.create(manager, S5Preset.SMNIST.config(), 0)
            .discreteSystems(manager)
            .get(0);
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
