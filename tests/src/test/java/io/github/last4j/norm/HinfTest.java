package io.github.last4j.norm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.TestLayers.Layer;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The H∞ norm of whole layers, by two methods, closed forms and sampling. */
class HinfTest {
  private static final double TOLERANCE = 1e-6;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private HinfNorm hinf(Layer layer) {
    return hinf(layer, TOLERANCE);
  }

  private HinfNorm hinf(Layer layer, double tolerance) {
    HinfNorm norm = SystemNorms.hinf(layer.ssm(manager), tolerance);
    assertTrue(norm.lower() <= norm.upper(), norm::toString);
    assertTrue(norm.tolerance() <= tolerance, norm::toString);
    if (norm.lower() > 0) {
      assertEquals((norm.upper() - norm.lower()) / norm.lower(), norm.tolerance(), 1e-15);
    }
    assertTrue(0 <= norm.peakFrequency() && norm.peakFrequency() <= Math.PI, norm::toString);
    return norm;
  }

  /** Asserts that the interval contains the value, but for the rounding of the value itself. */
  private static void assertContains(HinfNorm norm, double value) {
    assertTrue(
        norm.lower() <= value * (1 + 1e-12) && value <= norm.upper() * (1 + 1e-12),
        () -> norm + " does not contain " + value);
  }

  /** The lower end is the gain at the peak, and no sample exceeds the upper end. */
  private void assertHolds(Layer layer, HinfNorm norm) {
    double atPeak = layer.largestGain(norm.peakFrequency());
    assertEquals(norm.lower(), atPeak, 1e-7 * norm.lower(), norm::toString);
    for (int i = 0; i <= 300; i++) {
      assertBelow(layer, norm, Math.PI * i / 300);
    }
    for (double[] pole : layer.poles) {
      for (double offset : new double[] {0, 0.3, -0.3, 1, -1}) {
        assertBelow(layer, norm, pole[1] + offset * pole[0]);
      }
    }
  }

  private static void assertBelow(Layer layer, HinfNorm norm, double theta) {
    double gain = layer.largestGain(theta);
    assertTrue(
        gain <= norm.upper() * (1 + 1e-12), () -> norm + " but " + gain + " at θ = " + theta);
  }

  /** A real pole: the pair counts twice, and the peak is at 0 or at π. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, 0.1, 1e-3, 1e-6, 1e-9, 1e-12})
  void realPole(double margin) {
    Cplx b = new Cplx(3, 4);
    Cplx c = new Cplx(2, -1);
    double product = 2 * b.times(c).re();
    HinfNorm low = hinf(TestLayers.scalar(margin, 0, b, c));
    assertContains(low, product / margin);
    assertContains(hinf(TestLayers.scalar(margin, Math.PI, b, c)), product / margin);
    if (margin < 1) {
      assertEquals(0, low.peakFrequency(), 1e-2 * margin);
    }
  }

  /** Near the circle the pair of a pole at a right angle has the gain of the one state. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1e-8, 1e-9})
  void poleNearTheCircle(double margin) {
    HinfNorm norm = hinf(TestLayers.scalar(margin, Math.PI / 2, new Cplx(1, 0), new Cplx(1, 0)));
    assertEquals(1 / margin, norm.lower(), 2 / margin * TOLERANCE + 2);
    assertEquals(Math.PI / 2, norm.peakFrequency(), margin);
  }

  /** With cb = 1: 2(1 - r cos a z⁻¹)/(1 - 2r cos a z⁻¹ + r² z⁻²), on a fine grid. */
  @ParameterizedTest
  @CsvSource({"0.3,1", "0.05,2", "0.01,0.02", "0.5,3"})
  void onePair(double margin, double angle) {
    Layer layer = TestLayers.scalar(margin, angle, new Cplx(1, 0), new Cplx(1, 0));
    double r = 1 - margin;
    double largest = 0;
    for (int i = 0; i <= 200_000; i++) {
      double theta = Math.PI * i / 200_000;
      Cplx z = Cplx.polar(1, -theta);
      Cplx numerator = new Cplx(2, 0).minus(z.times(2 * r * Math.cos(angle)));
      Cplx denominator =
          new Cplx(1, 0).minus(z.times(2 * r * Math.cos(angle))).plus(z.times(z).times(r * r));
      largest = Math.max(largest, numerator.over(denominator).abs());
    }
    HinfNorm norm = hinf(layer);
    assertTrue(largest <= norm.upper() * (1 + 1e-12));
    assertEquals(largest, norm.lower(), 2e-6 * largest);
  }

  /** ρ coincident equal pairs have ρ times the gain; opposite ones none. */
  @Test
  void coincidentPoles() {
    Layer one = TestLayers.scalar(1e-3, 0.7, new Cplx(1, 2), new Cplx(-1, 0.5));
    HinfNorm single = hinf(one);
    HinfNorm seven = hinf(one.select(0, 0, 0, 0, 0, 0, 0));
    assertEquals(7 * single.lower(), seven.lower(), 3 * TOLERANCE * seven.lower());
    Layer opposite = one.select(0, 0);
    Cplx[][] c = {{opposite.c[0][0], opposite.c[0][0].times(-1)}};
    HinfNorm none =
        SystemNorms.hinf(
            new Layer(opposite.poles, opposite.b, c, null, null).ssm(manager), TOLERANCE);
    assertTrue(none.upper() <= 1e-7 * single.lower(), none::toString);
  }

  @Test
  void zeroSystem() {
    RandomSsms random = new RandomSsms(3);
    Layer layer = TestLayers.random(random, 5, 3, 2, 1e-3).scaleC(0);
    assertEquals(new HinfNorm(0, 0, 0, 0), hinf(layer));
    assertEquals(new HinfNorm(0, 0, 0, 0), HamiltonianHinf.norm(layer.ssm(manager), TOLERANCE));
  }

  /** Without states that count, the norm is the largest |D|. */
  @Test
  void feedthroughAlone() {
    RandomSsms random = new RandomSsms(4);
    Layer layer = TestLayers.random(random, 4, 12, 12, 1e-3).scaleC(0);
    double[] d = IntStream.range(0, 12).mapToDouble(i -> i - 7).toArray();
    assertContains(hinf(layer.withD(d)), 7);
  }

  @Test
  void unstableOrBadInputIsRefused() {
    Cplx one = new Cplx(1, 0);
    for (double margin : new double[] {0, -1e-12, -0.5, Double.NaN}) {
      DiscreteSsm ssm = TestLayers.scalar(margin, 1, one, one).ssm(manager);
      for (org.junit.jupiter.api.function.Executable run :
          new org.junit.jupiter.api.function.Executable[] {
            () -> SystemNorms.hinf(ssm, TOLERANCE),
            () -> HamiltonianHinf.norm(ssm, TOLERANCE),
            () -> SystemNorms.h2(ssm),
            () -> Gramians.of(ssm),
            () -> HankelSingularValues.of(ssm),
            () -> FrequencyResponse.singularValues(ssm, 0)
          }) {
        String message = assertThrows(IllegalArgumentException.class, run).getMessage();
        assertTrue(message.startsWith("ssm: expected"), message);
      }
    }
    DiscreteSsm infinite =
        TestLayers.scalar(0.5, 1, new Cplx(Double.POSITIVE_INFINITY, 0), one).ssm(manager);
    assertThrows(IllegalArgumentException.class, () -> SystemNorms.hinf(infinite, TOLERANCE));
    DiscreteSsm good = TestLayers.scalar(0.5, 1, one, one).ssm(manager);
    for (double tolerance : new double[] {0, -1, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> SystemNorms.hinf(good, tolerance));
    }
    assertThrows(IllegalArgumentException.class, () -> Gramians.backward(good));
  }

  /** Random layers of all kinds: both methods agree, and no sample exceeds the bound. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void twoMethodsAgree(int seed) {
    RandomSsms random = new RandomSsms(seed);
    boolean square = random.chance(0.6);
    int m = random.integer(1, 12);
    int p = square ? m : random.integer(1, 12);
    int n = random.integer(1, 14);
    Layer layer = TestLayers.random(random, n, m, p, random.chance(0.5) ? 1e-2 : 1e-4);
    if (random.chance(0.4)) {
      layer = layer.withBackwardC(random.matrix(p, n, 1));
    }
    if (square && random.chance(0.6)) {
      layer = layer.withD(IntStream.range(0, m).mapToDouble(i -> 3 * random.normal()).toArray());
    }
    HinfNorm bound = hinf(layer);
    assertHolds(layer, bound);
    HinfNorm hamiltonian = HamiltonianHinf.norm(layer.ssm(manager), TOLERANCE);
    assertTrue(
        hamiltonian.lower() <= bound.upper() * (1 + 1e-9)
            && bound.lower() <= hamiltonian.upper() * (1 + 1e-9),
        () -> bound + " against " + hamiltonian);
  }

  /** Larger than the whole-space case, with and without what prevents the trace bound. */
  @ParameterizedTest
  @CsvSource({"40,30,false,false", "40,30,true,false", "24,20,false,true", "24,20,true,true"})
  void layersOfManyChannels(int n, int h, boolean feedthrough, boolean bidirectional) {
    RandomSsms random = new RandomSsms(n + h);
    Layer layer = TestLayers.random(random, n, h, h, 1e-3);
    if (bidirectional) {
      layer = layer.withBackwardC(random.matrix(h, n, 1));
    }
    if (feedthrough) {
      layer = layer.withD(IntStream.range(0, h).mapToDouble(i -> 9 * random.normal()).toArray());
    }
    HinfNorm bound = hinf(layer);
    assertHolds(layer, bound);
    HinfNorm hamiltonian = HamiltonianHinf.norm(layer.ssm(manager), TOLERANCE);
    assertEquals(hamiltonian.lower(), bound.lower(), 3 * TOLERANCE * bound.lower());
  }

  /** What a diagonal of D may look like, from nothing to nearly all of the norm. */
  private static double[] diagonal(String kind, RandomSsms random, int h) {
    return IntStream.range(0, h)
        .mapToDouble(
            i ->
                switch (kind) {
                  case "zero" -> 0;
                  case "equal" -> 2;
                  case "signs" -> i % 2 == 0 ? 2 : -2;
                  case "one" -> i == 3 ? 5 : 0;
                  case "normal" -> 2 * random.normal();
                  case "dominating" -> 40 + i;
                  default -> throw new IllegalArgumentException(kind);
                })
        .toArray();
  }

  /** The search that takes D into weights, against the other method and samples. */
  @ParameterizedTest
  @CsvSource({
    "zero,16,12,1e-3,false",
    "equal,16,12,1e-3,false",
    "equal,16,12,1e-3,true",
    "signs,16,12,1e-3,false",
    "signs,10,12,1e-2,true",
    "one,16,12,1e-3,false",
    "normal,30,24,1e-3,false",
    "normal,20,10,1e-3,true",
    "normal,1,9,1e-2,false",
    "normal,1,9,1e-2,true",
    "dominating,12,10,1e-2,false",
    "dominating,12,10,1e-2,true"
  })
  void feedthroughOfManyKinds(
      String kind, int n, int h, double leastMargin, boolean bidirectional) {
    RandomSsms random = new RandomSsms(100 + n + h);
    Layer layer = TestLayers.random(random, n, h, h, leastMargin);
    if (bidirectional) {
      layer = layer.withBackwardC(random.matrix(h, n, 1));
    }
    layer = layer.withD(diagonal(kind, random, h));
    HinfNorm bound = hinf(layer);
    assertHolds(layer, bound);
    HinfNorm hamiltonian = HamiltonianHinf.norm(layer.ssm(manager), TOLERANCE);
    assertEquals(hamiltonian.lower(), bound.lower(), 3 * TOLERANCE * bound.lower());
    assertTrue(hamiltonian.lower() <= bound.upper() * (1 + 1e-9), () -> bound + "" + hamiltonian);
  }

  /** A gain just above ‖D‖: scaling C down takes the norm to the largest |d| from above. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-1, 1e-2, 1e-3, 1e-4, 1e-6})
  void smallSystemsBesideTheFeedthrough(double scale) {
    RandomSsms random = new RandomSsms(51);
    Layer layer = TestLayers.random(random, 8, 10, 10, 1e-2);
    double alone = hinf(layer).upper();
    double[] d = diagonal("normal", random, 10);
    double largest = IntStream.range(0, 10).mapToDouble(i -> Math.abs(d[i])).max().orElseThrow();
    HinfNorm norm = hinf(layer.scaleC(scale).withD(d));
    assertTrue(norm.lower() <= (largest + scale * alone) * (1 + 1e-12), norm::toString);
    assertTrue(norm.upper() >= (largest - scale * alone) * (1 - 1e-12), norm::toString);
    assertHolds(layer.scaleC(scale).withD(d), norm);
  }

  /** Poles at margins of 1e-9 beside a feedthrough. */
  @Test
  void feedthroughNearTheCircle() {
    RandomSsms random = new RandomSsms(52);
    Layer layer = TestLayers.random(random, 24, 12, 12, 1e-9);
    layer.poles[0] = new double[] {1e-9, 0.7};
    double[] d = IntStream.range(0, 12).mapToDouble(i -> 2e4 * random.normal()).toArray();
    layer = layer.withD(d);
    HinfNorm norm = hinf(layer);
    double atPeak = layer.largestGain(norm.peakFrequency());
    assertEquals(norm.lower(), atPeak, 1e-5 * norm.lower(), norm::toString);
    for (double[] pole : layer.poles) {
      assertBelow(layer, norm, pole[1]);
    }
  }

  /** Two threads share the work in an order that does not depend on time. */
  @Test
  void resultsRepeat() {
    RandomSsms random = new RandomSsms(53);
    Layer layer = TestLayers.random(random, 30, 20, 20, 1e-3).withD(diagonal("normal", random, 20));
    HinfNorm first = hinf(layer);
    for (int i = 0; i < 5; i++) {
      assertEquals(first, hinf(layer));
    }
  }

  /** The largest of a chord plus an arc, on a grid, and what the other end may then be. */
  @Test
  void chordAndArc() {
    RandomSsms random = new RandomSsms(54);
    for (int run = 0; run < 200; run++) {
      double left = random.uniform(0, 1);
      double right = random.uniform(0, 1);
      double height = random.logUniform(1e-3, 1);
      double largest = 0;
      for (int i = 0; i <= 2000; i++) {
        double s = i / 2000.0;
        largest = Math.max(largest, (1 - s) * left + s * right + 4 * s * (1 - s) * height);
      }
      double between = GainSearch.between(left, right, height);
      assertEquals(largest, between, 1e-6);
      assertTrue(largest <= between + 1e-15);
      double level = Math.max(left, right) + random.uniform(0, 1);
      double other = GainSearch.opposite(left, height, level);
      if (other > 0) {
        assertEquals(level, GainSearch.between(left, other, height), 1e-9);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-2, 1e-4, 1e-8, 1e-9})
  void widthIsAsAsked(double tolerance) {
    Layer layer = TestLayers.random(new RandomSsms(9), 20, 16, 11, 1e-3);
    HinfNorm norm = hinf(layer, tolerance);
    HinfNorm fine = hinf(layer, 1e-10);
    assertTrue(norm.lower() <= fine.upper() && fine.lower() <= norm.upper());
  }

  /** n = 384 pairs, some of them at margins of 1e-9. */
  @Test
  void largeLayerNearTheCircle() {
    Layer layer = TestLayers.random(new RandomSsms(11), 384, 6, 9, 1e-9);
    HinfNorm norm = hinf(layer);
    double atPeak = layer.largestGain(norm.peakFrequency());
    assertEquals(norm.lower(), atPeak, 1e-5 * norm.lower(), norm::toString);
    for (double[] pole : layer.poles) {
      assertBelow(layer, norm, pole[1]);
    }
  }

  /** Scaling C scales the norm; permuting states changes nothing; pairs add at most. */
  @Test
  void identities() {
    RandomSsms random = new RandomSsms(21);
    Layer layer = TestLayers.random(random, 10, 7, 5, 1e-3);
    HinfNorm norm = hinf(layer);
    HinfNorm scaled = hinf(layer.scaleC(0x1p20));
    assertEquals(norm.lower() * 0x1p20, scaled.lower(), 2 * TOLERANCE * scaled.lower());
    HinfNorm permuted = hinf(layer.select(random.permutation(10)));
    assertEquals(norm.lower(), permuted.lower(), 2 * TOLERANCE * norm.lower());
    double sum = 0;
    for (int i = 0; i < 10; i++) {
      HinfNorm pair = hinf(layer.select(i));
      double single = StateNorms.hinf(layer.select(i).ssm(manager)).toDoubleArray()[0];
      assertTrue(pair.lower() <= 2 * single * (1 + 1e-12));
      sum += pair.upper();
    }
    assertTrue(norm.lower() <= sum);
    HinfNorm part = hinf(layer.select(0, 2, 4, 6, 8));
    HinfNorm rest = hinf(layer.select(1, 3, 5, 7, 9));
    assertTrue(norm.lower() <= part.upper() + rest.upper());
  }

  /** Against the singular values that figures show. */
  @Test
  void frequencyResponseReachesTheNorm() {
    Layer layer =
        TestLayers.random(new RandomSsms(31), 9, 4, 6, 1e-2)
            .withBackwardC(new RandomSsms(32).matrix(6, 9, 1));
    HinfNorm norm = hinf(layer);
    double[][] values =
        FrequencyResponse.singularValues(layer.ssm(manager), norm.peakFrequency(), 0.4);
    assertEquals(4, values[0].length);
    assertEquals(norm.lower(), values[0][0], 1e-10 * norm.lower());
    assertEquals(layer.largestGain(0.4), values[1][0], 1e-6 * values[1][0]);
  }
}
