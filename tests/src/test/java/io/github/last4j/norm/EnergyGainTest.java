package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.norm.TestLayers.Layer;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.matrix.decomposition.SingularValue;
import org.ojalgo.matrix.store.R064Store;

/** Energies of signals by Parseval's theorem, and inputs against the norm that bounds them. */
class EnergyGainTest {
  private static final int LENGTH = 20;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** Two inputs, two outputs, fast enough for a mean over few frequencies; seeds vary the rest. */
  private static Layer layer(RandomSsms random, int seed) {
    Layer layer = TestLayers.random(random, 4, 2, 2, 0.05);
    if (seed % 2 == 0) {
      layer = layer.withBackwardC(random.matrix(2, 4, 1));
    }
    return seed % 3 == 0 ? layer.withD(0.7, -1.3) : layer;
  }

  private NDArray signals(RandomSsms random, int batch, int length, int channels) {
    double[] values =
        IntStream.range(0, batch * length * channels).mapToDouble(i -> random.normal()).toArray();
    return manager.create(values, new Shape(batch, length, channels));
  }

  /** The mean over the circle of ‖G(e^{jθ})U(e^{jθ})‖², with the gain by definition. */
  private static double outputEnergy(Layer layer, double[] u, int points) {
    int m = layer.b[0].length;
    double sum = 0;
    for (int p = 0; p < points; p++) {
      double theta = 2 * Math.PI * p / points;
      double[][][] g = layer.gain(theta);
      for (int o = 0; o < g[0].length; o++) {
        Cplx y = Cplx.ZERO;
        for (int k = 0; k < u.length / m; k++) {
          for (int i = 0; i < m; i++) {
            Cplx gain = new Cplx(g[0][o][i], g[1][o][i]);
            y = y.plus(gain.times(Cplx.polar(u[k * m + i], -theta * k)));
          }
        }
        sum += y.abs() * y.abs();
      }
    }
    return sum / points;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void allTimeIsParseval(int seed) {
    RandomSsms random = new RandomSsms(seed);
    Layer layer = layer(random, seed);
    NDArray u = signals(random, 2, LENGTH, 2);
    double[] gains = EnergyGain.overAllTime(layer.ssm(manager), u);
    double[] within = EnergyGain.withinSteps(layer.ssm(manager), u);
    HinfNorm norm = SystemNorms.hinf(layer.ssm(manager), 1e-6);
    double[] flat = u.toDoubleArray();
    for (int row = 0; row < 2; row++) {
      double[] one = Arrays.copyOfRange(flat, row * LENGTH * 2, (row + 1) * LENGTH * 2);
      double energy = Arrays.stream(one).map(x -> x * x).sum();
      // What the slowest state, margin 0.05, has left after 1024 steps is below 1e-22.
      double expected = Math.sqrt(outputEnergy(layer, one, 1024) / energy);
      assertEquals(expected, gains[row], 1e-11 * expected);
      assertTrue(within[row] <= gains[row]);
      assertTrue(gains[row] <= norm.upper());
    }
  }

  @Test
  void withoutEnergyIsNamed() {
    DiscreteSsm ssm = TestLayers.random(new RandomSsms(1), 2, 2, 2, 0.1).ssm(manager);
    NDArray silence = manager.zeros(new Shape(1, 5, 2), DataType.FLOAT64);
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> EnergyGain.overAllTime(ssm, silence));
    assertTrue(refused.getMessage().contains("sequence 0"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void sinusoidTendsToTheNorm(int seed) {
    RandomSsms random = new RandomSsms(seed);
    DiscreteSsm ssm = layer(random, seed).ssm(manager);
    HinfNorm norm = SystemNorms.hinf(ssm, 1e-9);
    double[] gap = new double[3];
    for (int i = 0; i < 3; i++) {
      double gain = WorstCaseInput.gainOverAllTime(ssm, norm.peakFrequency(), 1000 << (2 * i));
      gap[i] = 1 - gain / norm.lower();
      assertTrue(gap[i] > -1e-9);
    }
    // Four times the length, a sixteenth of the gap: the curvature at the peak decides.
    assertTrue(gap[2] < 1e-3);
    assertEquals(16, gap[1] / gap[2], 2);
  }

  /** The gain is real at 0 and π, where the phase of the singular vector must not matter. */
  @Test
  void sinusoidAtTheEndsHasEnergy() {
    DiscreteSsm ssm = TestLayers.random(new RandomSsms(3), 4, 3, 2, 0.05).ssm(manager);
    for (double theta : new double[] {0, Math.PI}) {
      double sigma = FrequencyResponse.singularValues(ssm, theta)[0][0];
      NDArray u = WorstCaseInput.sinusoid(ssm, theta, 20_000);
      assertEquals(sigma, EnergyGain.overAllTime(ssm, u)[0], 1e-4 * sigma);
    }
  }

  /** The map from L steps to L steps, written out as a matrix, and its largest singular value. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void improvementTendsToTheNormOfTheMatrix(int seed) {
    RandomSsms random = new RandomSsms(seed);
    DiscreteSsm ssm = layer(random, seed).ssm(manager);
    int size = 2 * LENGTH;
    NDArray units = manager.eye(size, size, 0, DataType.FLOAT64).reshape(size, LENGTH, 2);
    double[] columns = ssm.output(units).toDoubleArray();
    R064Store matrix = R064Store.FACTORY.make(size, size);
    for (int i = 0; i < columns.length; i++) {
      matrix.set(i % size, i / size, columns[i]);
    }
    SingularValue<Double> svd = SingularValue.R064.make(size, size);
    svd.decompose(matrix);
    double largest = svd.getSingularValues().doubleValue(0);
    assertTrue(largest <= SystemNorms.hinf(ssm, 1e-6).upper());

    NDArray start = signals(random, 1, LENGTH, 2);
    double before = EnergyGain.withinSteps(ssm, start)[0];
    for (int iterations : new int[] {1, 2, 4, 8}) {
      NDArray better = WorstCaseInput.improve(ssm, start, iterations);
      double gain = EnergyGain.withinSteps(ssm, better)[0];
      assertTrue(gain >= before * (1 - 1e-12), gain + " after " + before);
      assertEquals(1, better.square().sum().getDouble(), 1e-12);
      before = gain;
    }
    double last = EnergyGain.withinSteps(ssm, WorstCaseInput.improve(ssm, start, 300))[0];
    assertEquals(largest, last, 1e-3 * largest);
    double peak = SystemNorms.hinf(ssm, 1e-6).peakFrequency();
    double fromSinusoid = WorstCaseInput.gainWithinSteps(ssm, peak, LENGTH, 300);
    assertEquals(largest, fromSinusoid, 1e-3 * largest);
    assertTrue(last <= largest * (1 + 1e-12));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void largestIsTheFirstOfAll(int seed) {
    RandomSsms random = new RandomSsms(seed);
    DiscreteSsm ssm = layer(random, seed).ssm(manager);
    double[] theta = IntStream.rangeClosed(0, 40).mapToDouble(i -> i * Math.PI / 40).toArray();
    double[] all =
        Arrays.stream(FrequencyResponse.singularValues(ssm, theta))
            .mapToDouble(s -> s[0])
            .toArray();
    double[] largest = FrequencyResponse.largest(ssm, theta);
    assertArrayEquals(all, largest, 1e-5 * Arrays.stream(all).max().orElseThrow());
  }
}
