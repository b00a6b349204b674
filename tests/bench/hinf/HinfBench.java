import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.norm.HinfNorm;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.Hippo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times the H∞ norm of S5-sized layers, and writes the layers for another program to time.
 *
 * <p>Arguments: a folder, the relative tolerance, then cases as pairs:h:feedthrough:seed. Every layer
 * is an S5 layer at its initialisation (HiPPO-LegS, log-uniform steps from 0.001 to 0.1, ZOH).
 */
public final class HinfBench {
  private HinfBench() {}

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
    SplittableRandom random = new SplittableRandom(seed);
    Hippo hippo = Hippo.legs(2 * pairs);
    double[] poleRe = new double[pairs];
    double[] poleIm = new double[pairs];
    double[] step = new double[pairs];
    int n = 2 * pairs;
    double[] vRe = new double[n * pairs];
    double[] vIm = new double[n * pairs];
    for (int i = 0; i < pairs; i++) {
      poleRe[i] = hippo.poles().get(i).getReal();
      poleIm[i] = hippo.poles().get(i).getImaginary();
      step[i] = Math.exp(Math.log(1e-3) + Math.log(100) * random.nextDouble());
      for (int r = 0; r < n; r++) {
        vRe[r * pairs + i] = hippo.vectors().get(r, i).getReal();
        vIm[r * pairs + i] = hippo.vectors().get(r, i).getImaginary();
      }
    }
    NDArray re = manager.create(vRe).reshape(n, pairs);
    NDArray im = manager.create(vIm).reshape(n, pairs);
    NDArray input = normal(manager, random, n, h, 1 / Math.sqrt(n));
    // B = V*R and C = (R + jS)V with normal R and S.
    ComplexArray b = ComplexArray.of(re.transpose().matMul(input), im.transpose().matMul(input).neg());
    NDArray outRe = normal(manager, random, h, n, 1 / Math.sqrt(2.0 * n));
    NDArray outIm = normal(manager, random, h, n, 1 / Math.sqrt(2.0 * n));
    ComplexArray c =
        ComplexArray.of(
            outRe.matMul(re).sub(outIm.matMul(im)), outRe.matMul(im).add(outIm.matMul(re)));
    DiagonalSsm ssm =
        DiagonalSsm.of(
            ComplexArray.of(manager.create(poleRe), manager.create(poleIm)),
            b,
            c,
            manager.create(step));
    if (feedthrough) {
      ssm = ssm.withFeedthrough(normal(manager, random, 1, h, 1).reshape(h));
    }
    return Discretization.ZOH.discretize(ssm);
  }

  private static NDArray normal(
      NDManager manager, SplittableRandom random, int rows, int columns, double scale) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          scale
              * Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
              * Math.cos(2 * Math.PI * random.nextDouble());
    }
    return manager.create(values).reshape(rows, columns);
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
