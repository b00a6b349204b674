package io.github.last4j;

import static io.github.last4j.reference.Relative.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.prune.Scope;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferencePruning;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.reference.ReferenceSsm.Method;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The toolkit's scores and masks against scalar arithmetic of 60 digits. */
class LastAgainstReferenceTest {
  private static final double TOLERANCE = 1e-10;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  private static Method method(long seed) {
    return seed % 3 == 2 ? Method.BILINEAR : Method.ZOH;
  }

  private DiscreteSsm discrete(ReferenceSsm layer, Method method) {
    return Last.discretize(ReferenceBridge.ssm(manager, layer), ReferenceBridge.method(method));
  }

  private void assertNorms(ReferenceSsm layer, Method method) {
    NDArray norms = Last.hinfNorm(discrete(layer, method));
    assertEquals(DataType.FLOAT64, norms.getDataType());
    assertEquals(1, norms.getShape().dimension());
    assertClose(layer.hinfNorms(method), norms.toDoubleArray(), TOLERANCE, "hinfNorm");
  }

  private double[][] assertScores(List<ReferenceSsm> layers, Method method) {
    NDList scores = Last.lastScores(ReferenceBridge.discrete(manager, layers, method));
    assertEquals(layers.size(), scores.size());
    double[][] expected = ReferencePruning.lastScores(layers, method);
    double[][] actual = ReferenceBridge.doubles(scores);
    for (int l = 0; l < expected.length; l++) {
      assertEquals(DataType.FLOAT64, scores.get(l).getDataType());
      assertClose(expected[l], actual[l], TOLERANCE, "lastScores[" + l + "]");
    }
    return actual;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void discretizationAgrees(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 40);
    ReferenceSsm layer = random.layer(n, random.integer(1, 4), false);
    Method method = method(seed);
    DiscreteSsm actual = discrete(layer, method);
    double[] re = actual.lambdaBar().real().toDoubleArray();
    double[] im = actual.lambdaBar().imag().toDoubleArray();
    double[] bRe = actual.bBar().real().toDoubleArray();
    double[] bIm = actual.bBar().imag().toDoubleArray();
    double[] margin = new double[n];
    for (int i = 0; i < n; i++) {
      assertClose(layer.lambdaBar(i, method), new Cplx(re[i], im[i]), TOLERANCE, "lambdaBar");
      Cplx[] row = layer.bBar(i, method);
      for (int j = 0; j < row.length; j++) {
        int at = i * row.length + j;
        assertClose(row[j], new Cplx(bRe[at], bIm[at]), TOLERANCE, "bBar");
      }
      margin[i] = layer.margin(i, method);
    }
    assertClose(margin, actual.margin().toDoubleArray(), TOLERANCE, "margin");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void normsAndScoresOfRandomModelsAgree(long seed) {
    List<ReferenceSsm> layers = new RandomSsms(1000 + seed).model(64);
    for (ReferenceSsm layer : layers) {
      assertNorms(layer, method(seed));
    }
    double[][] scores = assertScores(layers, method(seed));
    // Random scores have no near ties, so that the masks of both sides are the same.
    double[][] expected = ReferencePruning.lastScores(layers, method(seed));
    for (double ratio : new double[] {0, 0.1, 0.33, 0.5, 0.9, 1}) {
      boolean[][] masks =
          ReferenceBridge.booleans(Last.pruneMasks(ReferenceBridge.scores(manager, scores), ratio));
      assertArrayEquals(ReferencePruning.globalMasks(expected, ratio), masks, "ratio " + ratio);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 9, 31, 63, 64, 65, 128, 255, 384, 511, 512})
  void everySizeAgrees(int n) {
    RandomSsms random = new RandomSsms(n);
    ReferenceSsm layer = random.degenerateLayer(n, 3, n % 2 == 0);
    assertNorms(layer, Method.ZOH);
    assertScores(List.of(layer, random.layer(5, 3, false)), Method.ZOH);
  }

  /** Equal states must tie exactly wherever they stand, so that the lower index comes first. */
  @ParameterizedTest
  @CsvSource({"2,1", "3,2", "5,4", "17,3", "64,8", "97,5", "512,4"})
  void equalStatesTieByIndex(int n, int channels) {
    for (long seed = 0; seed < 5; seed++) {
      ReferenceSsm one = new RandomSsms(seed).layer(1, channels, seed % 2 == 1);
      ReferenceSsm layer = one.select(new int[n]);
      NDArray norms = Last.hinfNorm(discrete(layer, Method.ZOH));
      assertEquals(
          1,
          Arrays.stream(norms.toDoubleArray()).distinct().count(),
          "distinct norms, seed " + seed);
      double[] expected = IntStream.rangeClosed(1, n).mapToDouble(i -> 1.0 / i).toArray();
      double[] actual =
          Last.lastScores(List.of(discrete(layer, Method.ZOH))).get(0).toDoubleArray();
      assertClose(expected, actual, TOLERANCE, "score of the k-th of equal states is 1/k");
    }
  }

  /** Random models in which a tie of equal states decides about a mask. */
  @ParameterizedTest
  @CsvSource({"5168,0.9", "5387,0.7", "5393,0.5"})
  void tiesOfEqualStatesDecideByIndex(long seed, double ratio) {
    List<ReferenceSsm> layers = new RandomSsms(seed).model(64);
    NDList scores = Last.lastScores(ReferenceBridge.discrete(manager, layers, Method.ZOH));
    boolean[][] expected =
        ReferencePruning.globalMasks(ReferencePruning.lastScores(layers, Method.ZOH), ratio);
    assertArrayEquals(expected, ReferenceBridge.booleans(Last.pruneMasks(scores, ratio)));
  }

  /** Poles as near to the unit circle as 1e-9, and still nearer. */
  @ParameterizedTest
  @EnumSource(Method.class)
  void polesNearTheUnitCircle(Method method) {
    RandomSsms random = new RandomSsms(7);
    int n = 60;
    Cplx[] lambda = new Cplx[n];
    double[] step = new double[n];
    for (int i = 0; i < n; i++) {
      step[i] = Math.pow(10, -6 + 6.0 * (i % 7) / 6);
      double margin = Math.pow(10, -1 - 11.0 * i / (n - 1));
      lambda[i] = new Cplx(-margin / step[i], (i % 4 == 0 ? 0 : 2.5 * (i % 4) - 4) / step[i]);
    }
    ReferenceSsm layer =
        new ReferenceSsm(lambda, random.matrix(n, 2, 1), random.matrix(2, n, 1), step);
    assertNorms(layer, method);
    assertScores(List.of(layer), method);
  }

  /** Angles of many turns in one step. */
  @Test
  void anglesOfManyTurns() {
    RandomSsms random = new RandomSsms(8);
    int n = 12;
    Cplx[] lambda = new Cplx[n];
    double[] step = new double[n];
    for (int i = 0; i < n; i++) {
      step[i] = 0.5;
      lambda[i] = new Cplx(-0.5, 2 * (40 * i + 1.5));
    }
    ReferenceSsm layer =
        new ReferenceSsm(lambda, random.matrix(n, 2, 1), random.matrix(2, n, 1), step);
    assertNorms(layer, Method.ZOH);
    assertNorms(layer, Method.BILINEAR);
  }

  /** Scales of B and C with which the norms, but not always their squares, are in range. */
  @ParameterizedTest
  @CsvSource({
    "1e-150,1e150",
    "1e150,1e-150",
    "1e-150,1",
    "1e150,1",
    "1,1e-150",
    "1,1e150",
    "1e-100,1e-100",
    "1e100,1e100",
    "1e-135,1e-135",
    "1e140,1e140",
    "1e-300,1",
    "1,1e290",
    "1e-290,1e290"
  })
  void extremeScalesOfALayer(double scaleB, double scaleC) {
    for (int seed = 0; seed < 6; seed++) {
      RandomSsms random = new RandomSsms(seed);
      ReferenceSsm plain = random.layer(9, 3, seed % 2 == 0);
      ReferenceSsm layer =
          new ReferenceSsm(
              plain.lambda,
              random.matrix(9, 3, scaleB),
              random.matrix(3, 9, scaleC),
              seed % 2 == 0 ? random.matrix(3, 9, scaleC) : null,
              null,
              plain.step);
      assertNorms(layer, method(seed));
      assertScores(List.of(layer, plain), method(seed));
    }
  }

  /** Scores are relative, so they exist also where the norm itself leaves the range of doubles. */
  @ParameterizedTest
  @CsvSource({"1e-150,1e-150", "1e150,1e150", "1e-160,1e-160", "1e-200,1e-200", "1e200,1e200"})
  void scoresWhereNormsLeaveTheRange(double scaleB, double scaleC) {
    for (int seed = 0; seed < 6; seed++) {
      RandomSsms random = new RandomSsms(seed);
      ReferenceSsm plain = random.layer(9, 3, false);
      ReferenceSsm layer =
          new ReferenceSsm(
              plain.lambda, random.matrix(9, 3, scaleB), random.matrix(3, 9, scaleC), plain.step);
      assertScores(List.of(layer), method(seed));
    }
  }

  /** States of one layer whose scales are far apart. */
  @Test
  void extremeScalesWithinALayer() {
    RandomSsms random = new RandomSsms(3);
    int n = 31;
    ReferenceSsm layer = random.layer(n, 2, false);
    for (int i = 0; i < n; i++) {
      double scale = Math.pow(10, 10 * (i - 15));
      for (int j = 0; j < 2; j++) {
        layer.b[i][j] = layer.b[i][j].times(scale);
        layer.c[j][i] = layer.c[j][i].times(i % 3 == 0 ? 1 / scale : 1);
      }
    }
    assertNorms(layer, Method.ZOH);
    assertScores(List.of(layer), Method.ZOH);
  }

  @Test
  void layerOfZerosScoresZero() {
    ReferenceSsm layer = new RandomSsms(5).layer(6, 2, false).scaleC(0);
    assertArrayEquals(new double[6], Last.hinfNorm(discrete(layer, Method.ZOH)).toDoubleArray());
    NDList scores = Last.lastScores(List.of(discrete(layer, Method.ZOH)));
    assertArrayEquals(new double[6], scores.get(0).toDoubleArray());
    boolean[] mask = Last.pruneMasks(scores, 1).get(0).toBooleanArray();
    assertArrayEquals(new boolean[] {true, false, false, false, false, false}, mask);
  }

  /** Float32 parameters are numbers like others: their scores are those of the same doubles. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5})
  void float32LayersScoreInDoublePrecision(long seed) {
    ReferenceSsm layer = new RandomSsms(seed).layer(20, 3, seed % 2 == 0).toFloat32();
    DiscreteSsm discrete =
        Last.discretize(
            ReferenceBridge.ssm(manager, layer, DataType.FLOAT32),
            ReferenceBridge.method(method(seed)));
    NDArray norms = Last.hinfNorm(discrete);
    NDArray scores = Last.lastScores(List.of(discrete)).get(0);
    assertEquals(DataType.FLOAT64, norms.getDataType());
    assertEquals(DataType.FLOAT64, scores.getDataType());
    assertClose(layer.hinfNorms(method(seed)), norms.toDoubleArray(), TOLERANCE, "hinfNorm");
    double[][] expected = ReferencePruning.lastScores(List.of(layer), method(seed));
    assertClose(expected[0], scores.toDoubleArray(), TOLERANCE, "lastScores");
  }

  /** Arbitrary scores, most of them tied, in layers of different sizes. */
  @ParameterizedTest
  @MethodSource("seeds")
  void masksAgree(long seed) {
    RandomSsms random = new RandomSsms(seed);
    double[][] scores = new double[random.integer(1, 8)][];
    for (int l = 0; l < scores.length; l++) {
      scores[l] = new double[random.chance(0.2) ? 1 : random.integer(1, 60)];
      for (int i = 0; i < scores[l].length; i++) {
        scores[l][i] = seed % 2 == 0 ? random.integer(0, 5) / 5.0 : random.uniform(0, 1);
      }
    }
    int total = Arrays.stream(scores).mapToInt(s -> s.length).sum();
    double[] ratios =
        IntStream.rangeClosed(0, total).mapToDouble(k -> (double) k / total).toArray();
    NDList list = ReferenceBridge.scores(manager, scores);
    for (double ratio : ratios) {
      assertMasks(scores, list, Math.max(0, Math.nextDown(ratio)));
      assertMasks(scores, list, Math.min(1, Math.nextUp(ratio)));
    }
    for (double ratio : new double[] {0.1, 0.2, 0.3, 1 / 3.0, 0.6, 0.7, 0.9, 0.999, 1e-12}) {
      assertMasks(scores, list, ratio);
    }
  }

  private static void assertMasks(double[][] scores, NDList list, double ratio) {
    for (Scope scope : Scope.values()) {
      NDList masks = Last.pruneMasks(list, ratio, scope);
      assertEquals(DataType.BOOLEAN, masks.get(0).getDataType());
      boolean[][] expected =
          scope == Scope.GLOBAL
              ? ReferencePruning.globalMasks(scores, ratio)
              : ReferencePruning.uniformMasks(scores, ratio);
      assertArrayEquals(
          expected,
          ReferenceBridge.booleans(masks),
          () -> scope + ", ratio " + ratio + ", scores " + Arrays.deepToString(scores));
      masks.close();
    }
  }

  /** A ratio written as k/N removes k states, whatever its last bit. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 10, 49, 64, 100, 384, 1000})
  void ratioOfAWholeNumberOfStatesRemovesThatMany(int n) {
    double[] scores = IntStream.range(0, n).mapToDouble(i -> i * 7919 % n).toArray();
    try (NDList list = ReferenceBridge.scores(manager, scores)) {
      for (int k = 0; k <= n; k++) {
        for (double ratio : new double[] {(double) k / n, 1 - (n - k) / (double) n}) {
          for (Scope scope : Scope.values()) {
            NDArray mask = Last.pruneMasks(list, ratio, scope).get(0);
            int kept = 0;
            for (boolean stays : mask.toBooleanArray()) {
              kept += stays ? 1 : 0;
            }
            mask.close();
            assertEquals(Math.max(1, n - k), kept, "n " + n + ", ratio " + ratio);
          }
        }
      }
    }
  }
}
