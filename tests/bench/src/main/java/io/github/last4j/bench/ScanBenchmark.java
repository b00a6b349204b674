package io.github.last4j.bench;

import ai.djl.ndarray.NDArray;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.Scan;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The chunked scan beside the recurrence step by step: 64 states, 8 sequences. */
public class ScanBenchmark extends Comparison {
  @Param({"784", "3136"})
  public int length;

  private ComplexArray lambdaBar;
  private ComplexArray inputs;

  @Setup
  public void make() {
    // Inside the unit circle, so that long products neither vanish nor overflow.
    NDArray angle = normal(64);
    lambdaBar = ComplexArray.of(angle.cos(), angle.sin()).mul(0.99);
    inputs = complex(8, length, 64);
  }

  private ComplexArray complex(long... shape) {
    return ComplexArray.of(normal(shape), normal(shape));
  }

  @Benchmark
  public void ours() {
    freeing(() -> Scan.chunked(lambdaBar, inputs, Scan.Direction.FORWARD));
  }

  @Benchmark
  public void beside() {
    freeing(() -> Scan.recurrence(lambdaBar, inputs, Scan.Direction.FORWARD));
  }
}
