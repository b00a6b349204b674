package io.github.last4j.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.Family;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.ModelConfigBuilder;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.Balancing;
import io.github.last4j.norm.SystemNorms;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.LayerDifference;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ojalgo.matrix.decomposition.QR;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/** Calibrated selection, refit, reduction to new poles and allocation. */
class CalibratedTest {
  private static final SequenceData DATA = TinyModels.noise(12);

  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  private static List<Layerwise> methods() {
    List<Layerwise> selections =
        List.of(Response.on(DATA), Taylor.on(DATA), Surgeon.on(DATA), Criterion.AIRE.within(40));
    List<Layerwise> methods = new ArrayList<>(selections);
    methods.addAll(List.of(Balanced.on(DATA), Balanced.truncation(), Balanced.truncation(40)));
    methods.add(Refit.on(DATA, Surgeon.on(DATA)));
    methods.add(Refit.on(DATA, Balanced.on(DATA)));
    methods.add(Refit.h2(Criterion.LAST, 40));
    methods.add(Refit.h2(Balanced.truncation()));
    methods.add(Allocation.on(DATA, Response.on(DATA)));
    methods.add(Allocation.on(DATA, Balanced.on(DATA)));
    return methods;
  }

  /** As many states as the ratio says, poles inside the circle, and the whole model at zero. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void everyMethodGivesAWholeSmallerModel(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 1)) {
      double loss = Evaluation.of(model, DATA).loss();
      for (Layerwise method : methods()) {
        Layerwise.Prepared prepared = method.prepare(model, 0);
        for (double ratio : new double[] {0, 0.3, 0.75, 1}) {
          try (SequenceClassifier smaller = prepared.keep(prepared.counts(ratio))) {
            int states = smaller.config().pairs().stream().mapToInt(Integer::intValue).sum();
            int most = Math.max(2, (int) (16 * (1 - ratio)));
            String what = method.title() + ", ratio " + ratio + ": ";
            assertTrue(states <= most, what + states);
            assertTrue(states >= (most == 2 ? 2 : most - 1), what + states);
            double[] margins =
                smaller.discreteSystems(manager).stream()
                    .flatMapToDouble(layer -> Arrays.stream(ComplexArray.doubles(layer.margin())))
                    .toArray();
            assertTrue(Arrays.stream(margins).allMatch(margin -> margin > 0), what);
            double smallerLoss = Evaluation.of(smaller, DATA).loss();
            assertTrue(Double.isFinite(smallerLoss), what);
            if (ratio == 0) {
              // Nothing went: single precision.
              assertEquals(loss, smallerLoss, 1e-5, what);
            }
          }
        }
        assertThrows(IllegalArgumentException.class, () -> prepared.counts(1.5));
        assertThrows(IllegalArgumentException.class, () -> prepared.keep(List.of(0, 3)));
        assertThrows(IllegalArgumentException.class, () -> prepared.keep(List.of(3)));
      }
    }
  }

  static Stream<Arguments> bad() {
    SequenceData zeros = SequenceData.of("z", "", 9, 2, 5, new float[36], new int[2]);
    SequenceData wide = SequenceData.of("w", "", 9, 3, 5, new float[54], new int[2]);
    return Stream.of(
        arguments("data: ", (Supplier<Layerwise>) () -> Response.on(null)),
        arguments("data: ", (Supplier<Layerwise>) () -> Taylor.on(null)),
        arguments("data: ", (Supplier<Layerwise>) () -> Surgeon.on(null)),
        arguments("data: ", (Supplier<Layerwise>) () -> Balanced.on(null)),
        arguments("data: ", (Supplier<Layerwise>) () -> Refit.on(null, Criterion.LAST)),
        arguments("data: ", (Supplier<Layerwise>) () -> Allocation.on(null, Criterion.LAST)),
        arguments("length: ", (Supplier<Layerwise>) () -> Balanced.truncation(0)),
        arguments("length: ", (Supplier<Layerwise>) () -> Refit.h2(Criterion.LAST, -1)),
        arguments("length: ", (Supplier<Layerwise>) () -> Criterion.AIRE.within(0)),
        arguments("x: ", (Supplier<Layerwise>) () -> Response.on(wide)),
        arguments("x: ", (Supplier<Layerwise>) () -> Balanced.on(wide)),
        arguments("data: ", (Supplier<Layerwise>) () -> Balanced.on(zeros)));
  }

  /** Refused by name; also sequences that move nothing. */
  @ParameterizedTest
  @MethodSource("bad")
  void badArgumentsAreNamed(String name, Supplier<Layerwise> method) {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 1)) {
      String refused =
          assertThrows(IllegalArgumentException.class, () -> method.get().prune(model, 0.5).close())
              .getMessage();
      assertTrue(refused.startsWith(name), refused);
      String message =
          assertThrows(IllegalArgumentException.class, () -> model.withSystems(null)).getMessage();
      assertTrue(message.startsWith("systems: "), message);
    }
  }

  /** Layer normalisation, before and after; tokens with padding; pairs of documents. */
  @ParameterizedTest
  @ValueSource(strings = {"layer norm", "post-norm", "tokens", "pairs", "bilinear"})
  void otherKindsOfModels(String kind) {
    Random random = new Random(14);
    boolean tokens = kind.equals("tokens");
    boolean pairs = kind.equals("pairs");
    Consumer<ModelConfigBuilder> change =
        c -> {
          switch (kind) {
            case "layer norm" -> c.normalization(Normalization.LAYER);
            case "post-norm" -> c.postNorm(true);
            case "tokens" -> c.tokens(true).inputs(7);
            case "pairs" -> c.documentPairs(true);
            default -> c.discretization(Discretization.BILINEAR);
          }
        };
    int sequences = pairs ? 12 : 6;
    int width = tokens ? 1 : 2;
    float[] inputs = new float[sequences * 30 * width];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = tokens ? random.nextInt(7) : (float) random.nextGaussian();
    }
    int[] lengths = random.ints(sequences, 12, 31).toArray();
    int[] labels = new int[6];
    SequenceData data =
        pairs
            ? SequenceData.ofPairs("d", "", 30, width, 5, inputs, labels, lengths)
            : SequenceData.of("d", "", 30, width, 5, inputs, labels, lengths);
    for (Family family : Family.values()) {
      try (SequenceClassifier model = TinyModels.of(manager, family, true, 15, change)) {
        double loss = Evaluation.of(model, data).loss();
        for (Layerwise method :
            List.of(
                Response.on(data),
                Taylor.on(data),
                Refit.on(data, Surgeon.on(data)),
                Refit.on(data, Balanced.on(data)))) {
          // One of sixteen states: near the whole model, whatever it is.
          try (SequenceClassifier smaller = method.prune(model, 1 / 16.0);
              SequenceClassifier least = method.prune(model, 1)) {
            String what = kind + ", " + family + ", " + method.title();
            assertEquals(loss, Evaluation.of(smaller, data).loss(), 0.1, what);
            assertTrue(Double.isFinite(Evaluation.of(least, data).loss()), what);
          }
        }
      }
    }
  }

  /** The same systems, written by other poles and steps, are the same model. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void systemsThatAreReadAndWrittenAreTheModel(Family family, boolean bidirectional) {
    try (SequenceClassifier single = TinyModels.of(manager, family, bidirectional, 2);
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single)) {
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      List<DiscreteSsm> halves = new ArrayList<>();
      for (DiscreteSsm system : systems) {
        // Twice as much in and half as much out, so that B is written too.
        DiscreteSsm half = system.withBBar(system.bBar().mul(2)).withC(system.c().mul(0.5));
        halves.add(
            bidirectional ? half.withBackwardC(system.backwardC().orElseThrow().mul(0.5)) : half);
      }
      Evaluation expected = Evaluation.of(model, DATA);
      try (SequenceClassifier same = model.withSystems(systems);
          SequenceClassifier other = model.withSystems(halves)) {
        assertEquals(expected, Evaluation.of(same, DATA));
        assertEquals(expected.loss(), Evaluation.of(other, DATA).loss(), 1e-12);
      }
    }
  }

  /** Σ‖2Re(Cᵢxᵢ)‖² ranks the states of a layer as Eq. 9 would with it. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S4D,true"})
  void responsesAreEnergies(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 3)) {
      List<double[]> actual = Response.on(DATA).measure().of(model);
      List<LayerTrace> traces = model.trace(DATA);
      List<DiscreteSsm> systems = model.discreteSystems(manager);
      for (int l = 0; l < 2; l++) {
        NDArray u = traces.get(l).normalized().toType(DataType.FLOAT64, true);
        double[] logs = new double[8];
        for (int i = 0; i < 8; i++) {
          DiscreteSsm alone = systems.get(l).withoutFeedthrough().keep(StateSet.of(8, i));
          logs[i] = Math.log(alone.output(u).square().sum().toDoubleArray()[0]);
        }
        assertArrayEquals(Scores.logEnergyNormalized(logs), actual.get(l), 1e-5);
      }
    }
  }

  /** To first order, a state that is read a little less moves the margin by its Taylor number. */
  @ParameterizedTest
  @CsvSource({"S5,true", "S4D,false"})
  void taylorIsTheSlopeOfTheMargin(Family family, boolean bidirectional) {
    SequenceData one = DATA.take(1);
    try (SequenceClassifier single = TinyModels.of(manager, family, bidirectional, 4);
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single)) {
      List<double[]> actual = Taylor.on(one).measure().of(model);
      NDList x = one.getData(manager).iterator().next().getData();
      for (int l = 0; l < 2; l++) {
        for (int i = 0; i < 8; i += 3) {
          double slope = 0;
          for (int sign : new int[] {1, -1}) {
            List<DiscreteSsm> systems = new ArrayList<>(model.discreteSystems(manager));
            double[] factor = new double[8];
            Arrays.fill(factor, 1);
            factor[i] += sign * 1e-5;
            NDArray row = manager.create(factor).reshape(1, 8);
            DiscreteSsm layer = systems.get(l);
            DiscreteSsm less = layer.withC(layer.c().mul(row));
            systems.set(
                l,
                bidirectional
                    ? less.withBackwardC(layer.backwardC().orElseThrow().mul(row))
                    : less);
            try (SequenceClassifier moved = model.withSystems(systems)) {
              long[] order = model.logProbabilities(x).argSort(-1, false).toLongArray();
              double[] scores = moved.logProbabilities(x).toDoubleArray();
              slope += sign * (scores[(int) order[0]] - scores[(int) order[1]]) / 2e-5;
            }
          }
          assertEquals(slope * slope, actual.get(l)[i], 1e-6 * slope * slope + 1e-12);
        }
      }
    }
  }

  private static R064Store random(Random random, int rows, int columns) {
    R064Store matrix = Matrices.zeros(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        matrix.set(i, k, random.nextGaussian());
      }
    }
    return matrix;
  }

  private static double energy(MatrixStore<Double> matrix) {
    return Arrays.stream(Matrices.rows(matrix)).map(x -> x * x).sum();
  }

  /** Each state that goes is the one whose absence least squares mends best, by its cost. */
  @Test
  void eliminationIsLeastSquaresEachTime() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, true, 5)) {
      Part part = Part.of(model.discreteSystems(manager).get(0)).get(0);
      R064Store f = random(new Random(6), 200, part.size());
      MatrixStore<Double> w = part.weights();
      MatrixStore<Double> y = f.multiply(w.transpose());
      MatrixStore<Double> moments = f.transpose().multiply(f);
      Elimination elimination = Elimination.of(part, w, moments);
      List<Integer> left = new ArrayList<>(IntStream.range(0, 8).boxed().toList());
      double before = 0;
      for (int step = 0; step < 7; step++) {
        double least = Double.POSITIVE_INFINITY;
        int best = -1;
        for (int gone : left) {
          int[] columns =
              left.stream()
                  .filter(i -> i != gone)
                  .flatMapToInt(i -> Arrays.stream(part.coordinates(i)))
                  .toArray();
          MatrixStore<Double> kept = f.columns(columns);
          QR<Double> qr = QR.R064.make(kept);
          qr.decompose(kept);
          double loss = energy(y.subtract(kept.multiply(qr.getSolution(y))));
          if (loss < least) {
            least = loss;
            best = gone;
          }
        }
        assertEquals(best, elimination.order().get(step));
        // The ridge is 1e-4 of the moments.
        assertEquals(least - before, elimination.costs().get(step), 2e-3 * least);
        before = least;
        left.remove(Integer.valueOf(best));
      }
    }
  }

  /** With many rows of the ridge's own, what is fitted is plain least squares. */
  @Test
  void aFitSolvesTheNormalEquations() {
    Random random = new Random(7);
    int steps = 60;
    int n = 6;
    int h = 3;
    R064Store f = random(random, steps, n);
    R064Store u = random(random, steps, h);
    R064Store y = random(random, steps, h);
    R064Store before = random(random, h, n);
    double[] d = random.doubles(h).toArray();
    Regression sums = Regression.empty(n, h);
    sums.add(array(f), array(y), array(u));
    Regression.Fit fit = sums.fit(before, d);
    for (int o = 0; o < h; o++) {
      // Rows √(ridge·Σfₖ²) that want Wₖ to be W⁰ₖ, and one for D.
      R064Store a = Matrices.zeros(steps + n + 1L, n + 1L);
      R064Store b = Matrices.zeros(steps + n + 1L, 1);
      double square = 0;
      for (int t = 0; t < steps; t++) {
        for (int k = 0; k < n; k++) {
          a.set(t, k, f.doubleValue(t, k));
        }
        a.set(t, n, u.doubleValue(t, o));
        b.set(t, 0, y.doubleValue(t, o));
        square += Math.pow(u.doubleValue(t, o), 2);
      }
      for (int k = 0; k < n; k++) {
        double root = Math.sqrt(Regression.RIDGE * energy(f.column(k)));
        a.set(steps + k, k, root);
        b.set(steps + k, 0, root * before.doubleValue(o, k));
      }
      double root = Math.sqrt(Regression.RIDGE * square);
      a.set(steps + n, n, root);
      b.set(steps + n, 0, root * d[o]);
      QR<Double> qr = QR.R064.make(a);
      qr.decompose(a);
      MatrixStore<Double> expected = qr.getSolution(b);
      for (int k = 0; k < n; k++) {
        assertEquals(expected.doubleValue(k), fit.weights().doubleValue(o, k), 1e-10);
      }
      assertEquals(expected.doubleValue(n), fit.feedthrough().get(o), 1e-10);
    }
  }

  private NDArray array(MatrixStore<Double> matrix) {
    return manager.create(Matrices.rows(matrix)).reshape(matrix.countRows(), matrix.countColumns());
  }

  /** What refit is for: the responses on the sequences come nearer to the whole model's. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S5,true", "S4D,false", "S4D,true"})
  void refitComesNearer(Family family, boolean bidirectional) {
    try (SequenceClassifier model = TinyModels.of(manager, family, bidirectional, 8);
        SequenceClassifier pruned = Criterion.LAST.prune(model, 0.5);
        SequenceClassifier refit = Refit.on(DATA, Criterion.LAST).prune(model, 0.5);
        SequenceClassifier again = Refit.on(DATA, Criterion.LAST).prune(model, 0)) {
      NDArray whole = model.trace(DATA).get(0).response();
      double before = whole.sub(pruned.trace(DATA).get(0).response()).square().sum().getFloat();
      double after = whole.sub(refit.trace(DATA).get(0).response()).square().sum().getFloat();
      assertTrue(after < before, after + " < " + before);
      assertEquals(
          pruned.config(),
          refit.config().with(c -> c.channelPairs(pruned.config().channelPairs())));
      assertEquals(Evaluation.of(model, DATA).loss(), Evaluation.of(again, DATA).loss(), 1e-6);
    }
  }

  /** The H2 refit has the smallest H2 norm: moving any weight makes it larger. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S4D,false"})
  void h2RefitHasTheSmallestDifference(Family family, boolean bidirectional) {
    try (SequenceClassifier single = TinyModels.of(manager, family, bidirectional, 9);
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single);
        SequenceClassifier pruned = Criterion.LAST.prune(model, 0.5);
        SequenceClassifier refit = Refit.h2(Criterion.LAST).prune(model, 0.5)) {
      DiscreteSsm whole = model.discreteSystems(manager).get(0);
      DiscreteSsm fitted = refit.discreteSystems(manager).get(0);
      double least = h2(whole, fitted);
      assertTrue(least < h2(whole, pruned.discreteSystems(manager).get(0)));
      for (double factor : new double[] {0.98, 1.02}) {
        assertTrue(least < h2(whole, fitted.withC(fitted.c().mul(factor))));
      }
    }
  }

  /** ‖Σ - Σ̂‖₂² with the difference of the feedthroughs, by impulses of 3,000 steps. */
  private double h2(DiscreteSsm a, DiscreteSsm b) {
    int h = 4;
    double[] impulses = new double[h * 3000 * h];
    for (int k = 0; k < h; k++) {
      impulses[k * 3000 * h + k] = 1;
    }
    NDArray u = manager.create(impulses).reshape(h, 3000, h);
    return a.output(u).sub(b.output(u)).square().sum().toDoubleArray()[0];
  }

  /** In balanced coordinates both matrices are the same diagonal one. */
  @Test
  void balancedMeansEqualAndDiagonal() {
    try (SequenceClassifier model = TinyModels.of(manager, Family.S5, false, 10)) {
      Part part = Part.of(model.discreteSystems(manager).get(0)).get(0);
      OptionalInt ever = OptionalInt.empty();
      MatrixStore<Double> p = WhiteNoise.driven(part.system(), part.system(), ever);
      MatrixStore<Double> q = WhiteNoise.observability(part.system(), part.system().c(), ever);
      Balancing balancing = Balancing.of(p, q);
      double[] values = balancing.values();
      MatrixStore<Double> w = balancing.into(6).transpose();
      MatrixStore<Double> t = balancing.outOf(6);
      MatrixStore<Double> size = w.multiply(p).multiply(w.transpose());
      MatrixStore<Double> matter = t.transpose().multiply(q).multiply(t);
      MatrixStore<Double> product = w.multiply(t);
      for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 6; k++) {
          double expected = i == k ? values[i] : 0;
          assertEquals(expected, size.doubleValue(i, k), 1e-9 * values[0]);
          assertEquals(expected, matter.doubleValue(i, k), 1e-9 * values[0]);
          assertEquals(i == k ? 1 : 0, product.doubleValue(i, k), 1e-7);
        }
      }
    }
  }

  /** Balanced truncation errs by at most twice the sum of the values that are left out. */
  @ParameterizedTest
  @CsvSource({"S5,1", "S5,2", "S5,3", "S5,5", "S5,7"})
  void truncationErrsWithinItsBound(Family family, int count) {
    try (SequenceClassifier single = TinyModels.of(manager, family, false, 11);
        SequenceClassifier model = TinyModels.inDoublePrecision(manager, single)) {
      DiscreteSsm whole = model.discreteSystems(manager).get(0);
      Part part = Part.of(whole).get(0);
      OptionalInt ever = OptionalInt.empty();
      Reduction reduction =
          new Reduction(
              part,
              WhiteNoise.driven(part.system(), part.system(), ever),
              WhiteNoise.observability(part.system(), part.system().c(), ever));
      Layerwise.Prepared prepared = Balanced.truncation().prepare(model, 0);
      try (SequenceClassifier smaller = prepared.keep(List.of(count, 8))) {
        DiscreteSsm layer = smaller.discreteSystems(manager).get(0);
        DiscreteSsm difference = LayerDifference.of(whole, layer).orElseThrow();
        int order =
            IntStream.rangeClosed(0, 16)
                .filter(r -> reduction.reduced(r).states().size() == layer.states())
                .max()
                .orElseThrow();
        double rest = Arrays.stream(reduction.values()).skip(order).sum();
        double error = SystemNorms.hinf(difference, 1e-6).lower();
        assertTrue(error <= 2 * rest * (1 + 1e-6), error + " <= " + 2 * rest);
        assertEquals(count, layer.states(), 1);
      }
    }
  }

  /** A state that nothing drives goes first and changes nothing. */
  @ParameterizedTest
  @CsvSource({"S5,false", "S4D,true"})
  void aDeadStateGoesFirst(Family family, boolean bidirectional) {
    try (SequenceClassifier single = TinyModels.of(manager, family, bidirectional, 12)) {
      List<DiscreteSsm> systems = new ArrayList<>(single.discreteSystems(manager));
      double[] factor = new double[8];
      Arrays.fill(factor, 1);
      factor[3] = 1e-30;
      NDArray row = manager.create(factor).reshape(1, 8);
      DiscreteSsm layer = systems.get(1);
      DiscreteSsm silent = layer.withC(layer.c().mul(row));
      systems.set(
          1,
          bidirectional ? silent.withBackwardC(layer.backwardC().orElseThrow().mul(row)) : silent);
      try (SequenceClassifier model = single.withSystems(systems)) {
        double loss = Evaluation.of(model, DATA).loss();
        for (Layerwise method :
            List.of(
                Response.on(DATA),
                Taylor.on(DATA),
                Surgeon.on(DATA),
                Refit.on(DATA, Surgeon.on(DATA)),
                Balanced.on(DATA),
                Balanced.truncation())) {
          try (SequenceClassifier smaller = method.prune(model, 1 / 16.0)) {
            assertEquals(loss, Evaluation.of(smaller, DATA).loss(), 1e-4, method.title());
          }
        }
        States kept = Surgeon.on(DATA).select(model, 1 / 16.0);
        assertTrue(!kept.layer(1).has(3), kept.toString());
      }
    }
  }

  /** At 100 % each layer keeps one, however many states it has. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 64, 128, 1024, 16_384})
  void oneStateAndAllOfThemAreTried(int states) {
    List<Integer> tried = Allocation.tried(states);
    assertEquals(1, tried.get(0));
    assertEquals(states, tried.get(tried.size() - 1));
    assertEquals(tried.stream().sorted().distinct().toList(), tried);
    List<Double> losses = tried.stream().map(count -> 1.0 / count).toList();
    Allocation.Curve curve = new Allocation.Curve(tried, losses);
    for (int most = 2; most <= 2 * Math.min(states, 50); most++) {
      List<Integer> counts = Allocation.best(List.of(curve, curve), most);
      assertEquals(most, counts.stream().mapToInt(Integer::intValue).sum());
    }
  }

  /** Of all ways to share out the states the one with the smallest sum. */
  @Test
  void allocationIsTheBestOfAll() {
    Random random = new Random(13);
    for (int trial = 0; trial < 20; trial++) {
      List<Allocation.Curve> curves = new ArrayList<>();
      for (int l = 0; l < 3; l++) {
        double[] losses = random.doubles(6, 0, 1).sorted().toArray();
        List<Double> falling = IntStream.range(0, 6).mapToObj(i -> losses[5 - i]).toList();
        curves.add(new Allocation.Curve(List.of(1, 2, 3, 4, 5, 6), falling));
      }
      for (int most = 3; most <= 18; most++) {
        double least = Double.POSITIVE_INFINITY;
        for (int a = 1; a <= 6; a++) {
          for (int b = 1; b <= 6; b++) {
            for (int c = 1; c <= 6 && a + b + c <= most; c++) {
              double sum =
                  curves.get(0).losses().get(a - 1)
                      + curves.get(1).losses().get(b - 1)
                      + curves.get(2).losses().get(c - 1);
              least = Math.min(least, sum);
            }
          }
        }
        List<Integer> counts = Allocation.best(curves, most);
        assertEquals(most, counts.stream().mapToInt(Integer::intValue).sum());
        double sum =
            IntStream.range(0, 3)
                .mapToDouble(l -> curves.get(l).losses().get(counts.get(l) - 1))
                .sum();
        assertEquals(least, sum, 1e-15);
      }
    }
  }
}
