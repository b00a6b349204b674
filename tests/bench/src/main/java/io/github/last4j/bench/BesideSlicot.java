package io.github.last4j.bench;

import static io.github.last4j.model.ModelConfig.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Times the H∞ norm of S5-sized layers, and writes the layers for another program to time.
 *
 * <p>Arguments: a folder, the relative tolerance, then cases as pairs:h:feedthrough:seed. Every
 * layer is an S5 layer as initialised.
 */
public final class BesideSlicot {
  private BesideSlicot() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    double tolerance = Double.parseDouble(args[1]);
    try (NDManager manager = NDManager.newBaseManager();
        PrintWriter out = new PrintWriter(folder.resolve("last4j.csv").toFile(), "UTF-8")) {
      out.println("case,lower,upper,peak,first,median");
      for (String name : Arrays.copyOfRange(args, 2, args.length)) {
        String[] parts = name.split(":");
        DiscreteSsm ssm =
            layer(
                manager,
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Boolean.parseBoolean(parts[2]),
                Long.parseLong(parts[3]));
        write(folder.resolve(name.replace(':', '_') + ".bin"), ssm);
        double[] seconds = new double[Integer.parseInt(parts[0]) > 100 ? 4 : 60];
        HinfNorm norm = null;
        for (int i = 0; i < seconds.length; i++) {
          long start = System.nanoTime();
          norm = SystemNorms.hinf(ssm, tolerance);
          seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
        double first = seconds[0];
        // The later half, after the JIT compiler has done its work.
        double[] warm = Arrays.copyOfRange(seconds, seconds.length / 2, seconds.length);
        Arrays.sort(warm);
        out.printf(
            Locale.ROOT,
            "%s,%.17g,%.17g,%.17g,%.6f,%.6f%n",
            name,
            norm.lower(),
            norm.upper(),
            norm.peakFrequency(),
            first,
            warm[warm.length / 2]);
        out.flush();
      }
    }
  }

  private static DiscreteSsm layer(
      NDManager manager, int pairs, int h, boolean feedthrough, long seed) {
    ModelConfig config = ModelConfig.s5(1, 10).with(c -> c.channels(h).pairs(layers(1, pairs)));
    try (SequenceClassifier model = SequenceClassifier.create(manager, config, seed)) {
      DiscreteSsm ssm = model.discreteSystems(manager).get(0);
      return new DiscreteSsm(
          ssm.lambdaBar(),
          ssm.margin(),
          ssm.bBar(),
          ssm.c(),
          Optional.empty(),
          feedthrough ? ssm.feedthrough() : Optional.empty());
    }
  }

  /** Little-endian doubles: n, inputs, outputs, whether D, then λ̄, B̄, C (parts apart) and D. */
  private static void write(Path path, DiscreteSsm ssm) throws IOException {
    double[][] arrays = {
      {
        ssm.states(),
        ssm.bBar().shape().get(1),
        ssm.c().shape().get(0),
        ssm.feedthrough().isPresent() ? 1 : 0
      },
      ssm.lambdaBar().real().toDoubleArray(),
      ssm.lambdaBar().imag().toDoubleArray(),
      ssm.bBar().real().toDoubleArray(),
      ssm.bBar().imag().toDoubleArray(),
      ssm.c().real().toDoubleArray(),
      ssm.c().imag().toDoubleArray(),
      ssm.feedthrough().map(NDArray::toDoubleArray).orElse(new double[0])
    };
    int count = Arrays.stream(arrays).mapToInt(array -> array.length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (double[] array : arrays) {
      for (double value : array) {
        buffer.putDouble(value);
      }
    }
    Files.write(path, buffer.array());
  }
}
