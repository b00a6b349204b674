package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.Last;
import io.github.last4j.ReferenceBridge;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.Family;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a state is worth: within a sequence, by one's own rule, at random. */
class ImportanceTest {
  private static final double TOLERANCE = 1e-10;
  private static final int STATES = 12;

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private DiscreteSsm layer(long seed, boolean bidirectional) {
    return Last.discretize(
        ReferenceBridge.ssm(manager, new RandomSsms(seed).layer(STATES, 3, bidirectional)));
  }

  private List<DiscreteSsm> layers() {
    return List.of(layer(1, false), layer(2, false), layer(3, false));
  }

  /** Sums of the squares of the parts of each state in a matrix. */
  private static double[] squares(ComplexArray matrix, boolean byRow) {
    double[] re = matrix.real().toDoubleArray();
    double[] im = matrix.imag().toDoubleArray();
    int columns = (int) matrix.shape().get(1);
    double[] sums = new double[STATES];
    for (int k = 0; k < re.length; k++) {
      sums[byRow ? k / columns : k % columns] += re[k] * re[k] + im[k] * im[k];
    }
    return sums;
  }

  /** ‖Cᵢ‖‖B̄ᵢ‖Σ|λ̄ᵢ|^k over k below L, term by term. */
  private static double[] reach(DiscreteSsm layer, int length) {
    double[] radius = layer.lambdaBar().abs().toDoubleArray();
    double[] input = squares(layer.bBar(), true);
    double[] output = squares(layer.c(), false);
    double[] backward = layer.backwardC().map(c -> squares(c, false)).orElse(output);
    double[] reach = new double[STATES];
    for (int i = 0; i < STATES; i++) {
      double sum = 0;
      double power = 1;
      for (int k = 0; k < length; k++) {
        sum += power;
        power *= radius[i];
      }
      reach[i] = Math.sqrt((output[i] + backward[i]) / 2 * input[i]) * sum;
    }
    return reach;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 784})
  void withinASequenceTheSumIsFinite(int length) {
    for (long seed = 0; seed < 10; seed++) {
      DiscreteSsm layer = layer(seed, seed % 2 == 0);
      double[] reach = reach(layer, length);
      double[] radius = layer.lambdaBar().abs().toDoubleArray();
      double[] margin = layer.margin().toDoubleArray();
      double[] hinf = PaperImportance.HINF.within(length).of(layer);
      double[] magnitude = PaperImportance.MAGNITUDE.within(length).of(layer);
      double[] scores = Criterion.LAST.within(length).scores(List.of(layer)).get(0);
      for (int i = 0; i < STATES; i++) {
        assertEquals(2 * Math.log(reach[i]), hinf[i], TOLERANCE);
        // |λ̄|‖B̄‖‖C‖ with the same factor 1 - |λ̄|^L = (1 - |λ̄|)Σ|λ̄|^k.
        assertEquals(Math.log(radius[i] * margin[i] * reach[i]), magnitude[i], TOLERANCE);
        double own = reach[i];
        double higher = Arrays.stream(reach).filter(r -> r >= own).map(r -> r * r).sum();
        assertEquals(2 * Math.log(own) - Math.log(higher), scores[i], TOLERANCE);
      }
    }
  }

  /** After many time constants a sequence is as good as endless. */
  @Test
  void withinAVeryLongSequenceIsWithout() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, true, 1)) {
      List<DiscreteSsm> layers = model.discreteSystems(manager);
      for (Criterion criterion : Criterion.TABLE_6) {
        List<double[]> expected = criterion.scores(layers, 3);
        List<double[]> actual = criterion.within(1_000_000).scores(layers, 3);
        for (int l = 0; l < 2; l++) {
          assertArrayEquals(expected.get(l), actual.get(l));
        }
      }
    }
    Criterion within = Criterion.LAST.within(784);
    assertEquals("LAST within 784", within.title());
    assertEquals(within, Criterion.LAST.within(784));
    assertEquals("mine", within.titled("mine").title());
    assertEquals(within.importance(), within.titled("mine").importance());
  }

  /** A layer is not changed, and what is made of it goes. */
  @Test
  void withinLeavesTheLayerAsItIs() {
    DiscreteSsm layer = layer(4, false);
    double[] before = layer.bBar().real().toDoubleArray();
    int arrays = manager.getManagedArrays().size();
    PaperImportance.HINF.within(7).of(layer);
    assertArrayEquals(before, layer.bBar().real().toDoubleArray());
    assertEquals(arrays, manager.getManagedArrays().size());
  }

  @Test
  void onesOwnNumbersDecide() {
    List<DiscreteSsm> layers = layers();
    List<double[]> slow = layers.stream().map(DiscreteSsm::timeConstants).toList();
    List<double[]> fast = slow.stream().map(t -> Arrays.stream(t).map(x -> -x).toArray()).toList();
    Criterion slowest = Criterion.of("slowest", DiscreteSsm::timeConstants);
    Criterion fastest =
        Criterion.of("fastest", l -> Arrays.stream(l.timeConstants()).map(x -> -x).toArray());
    for (double ratio : new double[] {0, 0.2, 0.5, 0.9, 1}) {
      assertEquals(Scope.GLOBAL.select(slow, ratio), slowest.select(layers, ratio));
      assertEquals(Scope.GLOBAL.select(fast, ratio), fastest.select(layers, ratio));
    }
    assertArrayEquals(fast.get(0), fastest.scores(layers).get(0));
    // Those that stay by one rule go by the other.
    assertEquals(slowest.select(layers, 0.5), fastest.select(layers, 0.5).complement());
  }

  /** The paper's criteria written as one's own, in numbers and not in logarithms. */
  @Test
  void thePapersCriteriaAsOnesOwn() {
    List<DiscreteSsm> layers = layers();
    Importance norms = layer -> StateNorms.hinf(layer).toDoubleArray();
    Importance magnitudes =
        layer -> Arrays.stream(StateNorms.logMagnitude(layer)).map(Math::exp).toArray();
    assertSame(Criterion.GLOBAL_HINF, norms, layers);
    assertSame(Criterion.UNIFORM_HINF, norms, layers);
    assertSame(Criterion.LAST, norms, layers);
    assertSame(Criterion.LAST.within(20), norms.within(20), layers);
    assertSame(Criterion.GLOBAL_MAGNITUDE, magnitudes, layers);
    assertSame(Criterion.LAMP, magnitudes, layers);
    Importance none = layer -> new double[layer.states()];
    Criterion zeros = new Criterion("none", none, Rescaling.LAYER_ENERGY, Scope.GLOBAL);
    for (double score : zeros.scores(layers).get(1)) {
      assertEquals(Double.NEGATIVE_INFINITY, score);
    }
  }

  private static void assertSame(
      Criterion expected, Importance importance, List<DiscreteSsm> layers) {
    Criterion mine = new Criterion("mine", importance, expected.rescaling(), expected.scope());
    for (int l = 0; expected.rescaling() == Rescaling.LAYER_ENERGY && l < layers.size(); l++) {
      assertArrayEquals(expected.scores(layers).get(l), mine.scores(layers).get(l), TOLERANCE);
    }
    for (double ratio : new double[] {0.1, 0.3, 0.5, 0.7, 0.9}) {
      assertEquals(expected.select(layers, ratio), mine.select(layers, ratio));
    }
  }

  private static void assertRejected(String start, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(start), message);
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    List<DiscreteSsm> layers = layers();
    Importance negative = layer -> new double[] {0, 1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    Importance few = layer -> new double[STATES - 1];
    Importance many = layer -> new double[STATES + 1];
    Importance nan =
        layer -> {
          double[] numbers = new double[STATES];
          numbers[7] = Double.NaN;
          return numbers;
        };
    for (Scope scope : Scope.values()) {
      for (Rescaling rescaling : Rescaling.values()) {
        for (Importance wrong : List.of(few, many, nan)) {
          Criterion mine = new Criterion("mine", wrong, rescaling, scope);
          assertRejected("mine: importance: expected", () -> mine.scores(layers));
          assertRejected("mine: importance: expected", () -> mine.select(layers, 0.5));
        }
      }
      Criterion mine = new Criterion("mine", negative, Rescaling.LAYER_ENERGY, scope);
      assertRejected(
          "mine: importance: expected numbers of at least 0", () -> mine.select(layers, 0.5));
      Criterion plain = new Criterion("mine", negative, Rescaling.NONE, scope);
      assertFalse(plain.select(layers, 1.0 / STATES).layer(0).has(2));
    }
    assertRejected(
        "mine: importance: expected 12 numbers, one a state, got 11",
        () -> Criterion.of("mine", few).scores(layers));
    assertRejected(
        "mine: importance: expected numbers, got NaN at state 7",
        () -> Criterion.of("mine", nan).scores(layers));
    for (int length : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertRejected("length: ", () -> PaperImportance.HINF.within(length));
      assertRejected("length: ", () -> Criterion.RANDOM.within(length));
    }
  }

  @Test
  void theSeedDecidesWhatIsRandom() {
    List<DiscreteSsm> layers = layers();
    for (Importance random : List.of(PaperImportance.RANDOM, PaperImportance.RANDOM.within(9))) {
      Importance seeded = random.withSeed(3);
      double[] first = seeded.of(layers.get(0));
      double[] next = seeded.of(layers.get(0));
      assertFalse(Arrays.equals(first, next), "layers are drawn apart");
      Importance again = random.withSeed(3);
      assertArrayEquals(first, again.of(layers.get(0)));
      assertArrayEquals(next, again.of(layers.get(0)));
      assertFalse(Arrays.equals(first, random.withSeed(4).of(layers.get(0))));
      assertArrayEquals(random.of(layers.get(0)), random.withSeed(0).of(layers.get(0)));
    }
    assertArrayEquals(
        PaperImportance.RANDOM.withSeed(5).of(layers.get(1)),
        PaperImportance.RANDOM.within(9).withSeed(5).of(layers.get(1)));
    assertEquals(PaperImportance.HINF, PaperImportance.HINF.withSeed(1));
  }
}
