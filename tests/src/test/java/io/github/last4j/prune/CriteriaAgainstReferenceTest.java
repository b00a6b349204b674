package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.ReferenceBridge;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.reference.ReferencePruning;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.reference.ReferenceSsm.Method;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every criterion of the paper, and every other combination, against scalar arithmetic. */
class CriteriaAgainstReferenceTest {
  // Of logarithms: the relative error of a score.
  private static final double TOLERANCE = 1e-10;
  private static final double[] RATIOS = {0, 0.1, 0.3, 0.5, 0.77, 0.9, 1};

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  private static Method method(long seed) {
    return seed % 3 == 2 ? Method.BILINEAR : Method.ZOH;
  }

  private List<DiscreteSsm> discrete(List<ReferenceSsm> layers, Method method) {
    return ReferenceBridge.discrete(manager, layers, method);
  }

  private static List<Criterion> combinations(Importance importance) {
    List<Criterion> all = new ArrayList<>();
    for (Rescaling rescaling : Rescaling.values()) {
      for (Scope scope : Scope.values()) {
        all.add(new Criterion("any", importance, rescaling, scope));
      }
    }
    return all;
  }

  /** What the paper writes down, in 60 digits until the end. */
  private static double[] expectedScores(ReferenceSsm layer, Method method, Criterion criterion) {
    boolean magnitude = criterion.importance() == PaperImportance.MAGNITUDE;
    BigDecimal[] squares =
        magnitude ? layer.squaredMagnitudes(method) : layer.squaredHinfNorms(method);
    if (criterion.rescaling() == Rescaling.LAYER_ENERGY) {
      return ReferencePruning.lastScores(squares);
    }
    return Arrays.stream(squares)
        .map(square -> magnitude ? square.sqrt(MathContext.DECIMAL64) : square)
        .mapToDouble(BigDecimal::doubleValue)
        .toArray();
  }

  private static States expectedStates(double[][] scores, double ratio, Scope scope) {
    return states(
        scope == Scope.GLOBAL
            ? ReferencePruning.globalMasks(scores, ratio)
            : ReferencePruning.uniformMasks(scores, ratio));
  }

  private static States states(boolean[][] masks) {
    return new States(
        Arrays.stream(masks).map(mask -> StateSet.where(mask.length, i -> mask[i])).toList());
  }

  private static void assertLogs(double[] expected, double[] logs, double tolerance, String what) {
    assertEquals(expected.length, logs.length, what);
    for (int i = 0; i < logs.length; i++) {
      double log = Math.log(expected[i]);
      // An infinity equals itself only.
      assertTrue(
          log == logs[i] || Math.abs(log - logs[i]) <= tolerance,
          what + ", state " + i + ": expected " + log + ", got " + logs[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void scoresAndMasksOfRandomModels(long seed) {
    Method method = method(seed);
    List<ReferenceSsm> layers = new RandomSsms(3000 + seed).model(48);
    List<DiscreteSsm> discrete = discrete(layers, method);
    for (Importance importance : List.of(PaperImportance.MAGNITUDE, PaperImportance.HINF)) {
      for (Criterion criterion : combinations(importance)) {
        double[][] expected =
            layers.stream()
                .map(layer -> expectedScores(layer, method, criterion))
                .toArray(double[][]::new);
        List<double[]> logs = criterion.scores(discrete);
        for (int l = 0; l < expected.length; l++) {
          assertLogs(expected[l], logs.get(l), TOLERANCE, criterion.toString());
        }
        for (double ratio : RATIOS) {
          assertEquals(
              expectedStates(expected, ratio, criterion.scope()),
              criterion.select(discrete, ratio),
              criterion + ", ratio " + ratio);
        }
      }
    }
  }

  /** The rows of Table 6 are these combinations. */
  @Test
  void criteriaOfTable6() {
    assertEquals(
        List.of(
            "Random",
            "Uniform magnitude",
            "Global magnitude",
            "LAMP",
            "Uniform H∞",
            "Global H∞",
            "LAST"),
        Criterion.TABLE_6.stream().map(Criterion::title).toList());
    for (Criterion criterion : Criterion.TABLE_6) {
      String title = criterion.title();
      boolean layerAdaptive = title.equals("LAMP") || title.equals("LAST");
      boolean hinf = title.endsWith("H∞") || title.equals("LAST");
      assertEquals(
          title.equals("Random")
              ? PaperImportance.RANDOM
              : hinf ? PaperImportance.HINF : PaperImportance.MAGNITUDE,
          criterion.importance());
      assertEquals(
          layerAdaptive ? Rescaling.LAYER_ENERGY : Rescaling.NONE, criterion.rescaling(), title);
      assertEquals(
          layerAdaptive || title.startsWith("Global") ? Scope.GLOBAL : Scope.UNIFORM,
          criterion.scope(),
          title);
    }
    assertTrue(Criterion.TABLE_6.containsAll(Criterion.FIGURE_2));
  }

  /** A random criterion keeps every state of a layer equally often, and the seed decides. */
  @Test
  void randomStates() {
    List<ReferenceSsm> layers =
        List.of(new RandomSsms(1).layer(10, 2, false), new RandomSsms(2).layer(6, 2, false));
    List<DiscreteSsm> discrete = discrete(layers, Method.ZOH);
    int draws = 2000;
    int[] kept = new int[16];
    for (int seed = 0; seed < draws; seed++) {
      States states = Scope.UNIFORM.select(Criterion.RANDOM.scores(discrete, seed), 0.5);
      states.layer(0).indices().forEach(i -> kept[i]++);
      states.layer(1).indices().forEach(i -> kept[10 + i]++);
      assertEquals(8, states.count());
    }
    for (int count : kept) {
      // Five standard deviations of a fair coin.
      assertEquals(draws / 2.0, count, 5 * Math.sqrt(draws) / 2);
    }
    for (Criterion criterion : combinations(PaperImportance.RANDOM)) {
      double[][] one = criterion.scores(discrete, 7).toArray(double[][]::new);
      assertArrayEquals(one, criterion.scores(discrete, 7).toArray(double[][]::new));
      assertNotEquals(one[0][0], criterion.scores(discrete, 8).get(0)[0]);
      for (double log :
          DoubleStream.concat(Arrays.stream(one[0]), Arrays.stream(one[1])).toArray()) {
        assertTrue(log <= 0, "the logarithm of a share");
      }
      for (double ratio : RATIOS) {
        assertEquals(
            expectedStates(one, ratio, criterion.scope()),
            criterion.scope().select(criterion.scores(discrete, 7), ratio));
      }
    }
  }

  /**
   * Scores near e^-800, which no double holds, rank as the same layer's at another scale: what the
   * paper could not do for S4D on Image (App. E.2).
   */
  @ParameterizedTest
  @EnumSource(Scope.class)
  void scoresBelowTheRangeOfDoubles(Scope scope) {
    List<ReferenceSsm> plain =
        IntStream.range(0, 3).mapToObj(l -> new RandomSsms(50 + l).layer(20, 3, l == 1)).toList();
    double scale = 1e-87;
    List<ReferenceSsm> tiny =
        plain.stream()
            .map(
                layer ->
                    new ReferenceSsm(
                        layer.lambda,
                        Arrays.stream(layer.b)
                            .map(
                                row ->
                                    Arrays.stream(row)
                                        .map(z -> z.times(scale))
                                        .toArray(Cplx[]::new))
                            .toArray(Cplx[][]::new),
                        layer.scaleC(scale).c,
                        layer.scaleC(scale).backwardC,
                        null,
                        layer.step))
            .toList();
    List<DiscreteSsm> plainDiscrete = discrete(plain, Method.ZOH);
    List<DiscreteSsm> tinyDiscrete = discrete(tiny, Method.ZOH);
    for (Importance importance : List.of(PaperImportance.MAGNITUDE, PaperImportance.HINF)) {
      for (Rescaling rescaling : Rescaling.values()) {
        Criterion criterion = new Criterion("any", importance, rescaling, scope);
        // Two matrices are scaled; norms are squared and magnitudes are not.
        double shift =
            rescaling == Rescaling.LAYER_ENERGY
                ? 0
                : (importance == PaperImportance.HINF ? 4 : 2) * Math.log(scale);
        for (int l = 0; l < 3; l++) {
          double[] expected = criterion.scores(plainDiscrete).get(l);
          double[] actual = criterion.scores(tinyDiscrete).get(l);
          for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i] + shift, actual[i], 1e-9);
          }
          if (importance == PaperImportance.HINF && rescaling == Rescaling.NONE) {
            assertTrue(Arrays.stream(actual).allMatch(log -> log < -745), "no double holds these");
          }
        }
        for (double ratio : RATIOS) {
          assertEquals(
              criterion.select(plainDiscrete, ratio), criterion.select(tinyDiscrete, ratio));
        }
      }
    }
    // In float32 nothing is left of these scores: no state can be told from another.
    assertArrayEquals(new float[20], ReleasedCode.LAST.scores(tinyDiscrete).get(0));
  }

  /** What the released code does, derived again: numbers of float32, sums of double. */
  private static double[] releasedScores(ReferenceSsm layer, Method method, boolean normalized) {
    double[] scores = new double[layer.states()];
    for (int i = 0; i < scores.length; i++) {
      Cplx pole = rounded(layer.lambdaBar(i, method));
      float margin = 1 - (float) pole.abs();
      double input = square(layer.bBar(i, method));
      double output = square(column(layer.c, i));
      if (layer.backwardC != null) {
        output = (Math.sqrt(output) + Math.sqrt(square(column(layer.backwardC, i)))) / 4;
      }
      scores[i] = output * input / ((double) margin * margin + 1e-8);
    }
    if (!normalized) {
      return scores;
    }
    double[] result = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      double sum = 0;
      for (int j = 0; j < scores.length; j++) {
        sum += scores[j] > scores[i] || (scores[j] == scores[i] && j >= i) ? scores[j] : 0;
      }
      result[i] = sum == 0 ? 0 : scores[i] / sum;
    }
    return result;
  }

  private static Cplx rounded(Cplx z) {
    return new Cplx((float) z.re(), (float) z.im());
  }

  private static Cplx[] column(Cplx[][] matrix, int i) {
    return Arrays.stream(matrix).map(row -> row[i]).toArray(Cplx[]::new);
  }

  private static double square(Cplx[] vector) {
    return Arrays.stream(vector).map(z -> rounded(z).abs()).mapToDouble(a -> a * a).sum();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void releasedCode(long seed) {
    Method method = method(seed);
    RandomSsms random = new RandomSsms(4000 + seed);
    List<ReferenceSsm> layers = random.model(40);
    List<DiscreteSsm> discrete = discrete(layers, method);
    for (Criterion paper : combinations(PaperImportance.HINF)) {
      ReleasedCode criterion = ReleasedCode.of(paper);
      boolean normalized = criterion.rescaling() == Rescaling.LAYER_ENERGY;
      double[][] scores =
          criterion.scores(discrete).stream()
              .map(CriteriaAgainstReferenceTest::doubles)
              .toArray(double[][]::new);
      for (int l = 0; l < layers.size(); l++) {
        double[] expected = releasedScores(layers.get(l), method, normalized);
        double[] logs = Arrays.stream(scores[l]).map(Math::log).toArray();
        // Each factor and sum is rounded to 24 bits.
        assertLogs(expected, logs, 1e-5, "seed " + seed);
      }
      for (double ratio : RATIOS) {
        assertEquals(
            states(thresholdMasks(scores, ratio, criterion.scope())),
            criterion.select(discrete, ratio));
      }
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** Survivors by counting: fewer than K scores are higher, or none in the layer is. */
  private static boolean[][] thresholdMasks(double[][] scores, double ratio, Scope scope) {
    double[] all = Arrays.stream(scores).flatMapToDouble(Arrays::stream).toArray();
    boolean[][] keep = new boolean[scores.length][];
    for (int l = 0; l < scores.length; l++) {
      double[] rivals = scope == Scope.GLOBAL ? all : scores[l];
      int count = Math.max(1, ReferencePruning.kept(rivals.length, ratio));
      keep[l] = new boolean[scores[l].length];
      for (int i = 0; i < keep[l].length; i++) {
        double own = scores[l][i];
        keep[l][i] =
            Arrays.stream(rivals).filter(other -> other > own).count() < count
                || Arrays.stream(scores[l]).noneMatch(other -> other > own);
      }
    }
    return keep;
  }

  /** The constant 1e-8 scales the score of a state with Re λ = -1/2 by these factors. */
  @ParameterizedTest
  @CsvSource({"1e-2, 0.9996, 1e-3", "1e-3, 0.96, 5e-3", "1e-4, 0.20, 5e-3", "1e-5, 0.0025, 1e-4"})
  void releasedCodeScalesSlowStatesDown(double step, double factor, double tolerance) {
    ReferenceSsm layer =
        new ReferenceSsm(
            new Cplx[] {new Cplx(-0.5, 0)},
            new Cplx[][] {{new Cplx(1, 0)}},
            new Cplx[][] {{new Cplx(1, 0)}},
            new double[] {step});
    List<DiscreteSsm> discrete = discrete(List.of(layer), Method.ZOH);
    double paper = Math.exp(Criterion.GLOBAL_HINF.scores(discrete).get(0)[0]);
    double released = ReleasedCode.of(Criterion.GLOBAL_HINF).scores(discrete).get(0)[0];
    assertEquals(factor, released / paper, tolerance);
  }

  /** Two directions with the same output norm c: c² in the paper, c/2 in the released code. */
  @Test
  void bidirectionalOutputNorms() {
    double c = 3;
    Cplx[][] output = {{new Cplx(0, c)}};
    ReferenceSsm layer =
        new ReferenceSsm(
            new Cplx[] {new Cplx(-0.5, 2)},
            new Cplx[][] {{new Cplx(1, 0)}},
            output,
            output,
            null,
            new double[] {0.1});
    ReferenceSsm single = new ReferenceSsm(layer.lambda, layer.b, output, layer.step);
    List<DiscreteSsm> both = discrete(List.of(layer), Method.ZOH);
    List<DiscreteSsm> one = discrete(List.of(single), Method.ZOH);
    Criterion paper = Criterion.GLOBAL_HINF;
    double logarithm = paper.scores(both).get(0)[0] - paper.scores(one).get(0)[0];
    assertEquals(1, Math.exp(logarithm), 1e-6);
    ReleasedCode released = ReleasedCode.of(paper);
    double ratio = released.scores(both).get(0)[0] / released.scores(one).get(0)[0];
    assertEquals(c / 2 / (c * c), ratio, 1e-6);
  }

  /** Layers whose states forget all, and whose scores in the released code are the squares of c. */
  private List<DiscreteSsm> squares(double[]... c) {
    List<DiscreteSsm> layers = new ArrayList<>();
    for (double[] row : c) {
      NDArray zeros = manager.zeros(new Shape(row.length), DataType.FLOAT64);
      NDArray output = manager.create(row);
      layers.add(
          DiscreteSsm.of(
              ComplexArray.of(zeros, zeros),
              ComplexArray.of(zeros.add(1), zeros).reshape(-1, 1),
              ComplexArray.of(output, zeros).reshape(1, -1)));
    }
    return layers;
  }

  private static ReleasedCode released(Scope scope) {
    return new ReleasedCode("any", Rescaling.NONE, scope);
  }

  /** Ties at the threshold keep extra states; without ties a uniform choice is the exact one. */
  @Test
  void tiesKeepMoreStatesInTheReleasedCode() {
    double[][] scores = {{3, 1, 1, 1}, {2, 1}};
    List<DiscreteSsm> tied = squares(scores);
    assertArrayEquals(new float[] {9, 1, 1, 1}, released(Scope.GLOBAL).scores(tied).get(0));
    assertEquals(
        new States(List.of(StateSet.all(4), StateSet.all(2))),
        released(Scope.GLOBAL).select(tied, 0.5));
    assertEquals(
        new States(List.of(StateSet.of(4, 0, 1), StateSet.of(2, 0))),
        Scope.GLOBAL.select(List.of(scores), 0.5));
    assertEquals(
        new States(List.of(StateSet.all(4), StateSet.of(2, 0))),
        released(Scope.UNIFORM).select(tied, 0.5));
    // A layer below the threshold keeps its best state.
    List<DiscreteSsm> apart = squares(new double[] {9, 8, 7}, new double[] {2, 1});
    assertEquals(
        new States(List.of(StateSet.of(3, 0, 1), StateSet.of(2, 0))),
        released(Scope.GLOBAL).select(apart, 0.6));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void thresholdsKeepAtLeastWhatCountsKeep(long seed) {
    RandomSsms random = new RandomSsms(seed);
    double[][] scores = new double[random.integer(1, 6)][];
    for (int l = 0; l < scores.length; l++) {
      scores[l] = new double[random.integer(1, 30)];
      for (int i = 0; i < scores[l].length; i++) {
        scores[l][i] = seed % 2 == 0 ? random.integer(0, 6) : random.uniform(0, 1);
      }
    }
    List<DiscreteSsm> layers = squares(scores);
    for (Scope scope : Scope.values()) {
      for (double ratio : RATIOS) {
        States exact = scope.select(List.of(scores), ratio);
        States wide = released(scope).select(layers, ratio);
        for (int l = 0; l < scores.length; l++) {
          StateSet both = exact.layer(l).and(wide.layer(l));
          assertEquals(exact.layer(l), both, scope + ", ratio " + ratio);
        }
        if (scope == Scope.UNIFORM && seed % 2 == 1) {
          assertEquals(exact, wide, "no ties, ratio " + ratio);
        }
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    for (Criterion criterion :
        List.of(Criterion.RANDOM, Criterion.LAMP, Criterion.LAST.within(784))) {
      String message = refused(() -> ReleasedCode.of(criterion));
      assertTrue(message.startsWith("criterion: "), message);
      assertTrue(message.endsWith("got " + criterion.title()), message);
    }
    String message = refused(() -> new Criterion("any", PaperImportance.HINF, null, Scope.GLOBAL));
    assertTrue(message.contains("rescaling"), message);
    assertTrue(refused(() -> released(null)).contains("scope"));
    for (Criterion criterion : Criterion.TABLE_6) {
      assertTrue(refused(() -> criterion.scores(List.of())).startsWith("layers: "));
      assertTrue(refused(() -> criterion.scores(null)).startsWith("layers: "));
    }
    ReleasedCode released = released(Scope.GLOBAL);
    assertTrue(refused(() -> released.scores(List.of())).startsWith("layers: "));
    assertTrue(refused(() -> released.scores(null)).startsWith("layers: "));
    List<DiscreteSsm> layers = squares(new double[] {1, 2});
    assertTrue(refused(() -> released.select(layers, 1.5)).startsWith("ratio: "));
    assertEquals(StateSet.of(2, 1), released.select(layers, 0.5).layer(0));
  }

  /** What float32 can't hold is said, and leaves no layer without states. */
  @Test
  void normsOutOfTheRangeOfTheReleasedCode() {
    List<DiscreteSsm> layers = squares(new double[] {1, 2}, new double[] {1, 1e20, 2});
    assertEquals(StateSet.of(3, 1), released(Scope.UNIFORM).select(layers, 1).layer(1));
    String message = refused(() -> ReleasedCode.LAST.select(layers, 0.5));
    assertTrue(message.contains("NaN at state 1"), message);
  }

  private static String refused(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
