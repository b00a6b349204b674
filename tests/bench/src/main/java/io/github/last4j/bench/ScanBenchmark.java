package io.github.last4j.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.Scan;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The chunked scan beside the recurrence step by step: 64 states, 8 sequences. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class ScanBenchmark {
  @Param({"784", "3136"})
  public int length;

  private NDManager manager;
  private ComplexArray lambdaBar;
  private ComplexArray inputs;

  @Setup
  public void make() {
    manager = NDManager.newBaseManager();
    // Inside the unit circle, so that long products neither vanish nor overflow.
    NDArray angle = Tensors.normal(manager, 64);
    lambdaBar = ComplexArray.of(angle.cos(), angle.sin()).mul(0.99);
    inputs = complex(8, length, 64);
  }

  private ComplexArray complex(long... shape) {
    return ComplexArray.of(Tensors.normal(manager, shape), Tensors.normal(manager, shape));
  }

  @TearDown
  public void close() {
    manager.close();
  }

  @Benchmark
  public void ours() {
    Tensors.freeing(() -> Scan.chunked(lambdaBar, inputs, Scan.Direction.FORWARD));
  }

  @Benchmark
  public void beside() {
    Tensors.freeing(() -> Scan.recurrence(lambdaBar, inputs, Scan.Direction.FORWARD));
  }
}
