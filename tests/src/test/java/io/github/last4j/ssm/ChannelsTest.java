package io.github.last4j.ssm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.reference.RandomSsms;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer of channels is the layer that its matrices make. */
class ChannelsTest {
  @AutoClose private final NDManager manager = NDManager.newBaseManager();

  /** A random layer of channels, some without states, and the layer of its matrices. */
  private record Both(DiscreteSsm channels, DiscreteSsm matrices) {
    Both map(Function<DiscreteSsm, DiscreteSsm> change) {
      return new Both(change.apply(channels), change.apply(matrices));
    }
  }

  private ComplexArray random(RandomSsms random, long... shape) {
    int size = (int) new Shape(shape).size();
    double[] re = IntStream.range(0, size).mapToDouble(i -> random.normal()).toArray();
    double[] im = IntStream.range(0, size).mapToDouble(i -> random.normal()).toArray();
    return ComplexArray.of(
        manager.create(re, new Shape(shape)), manager.create(im, new Shape(shape)));
  }

  private Both layer(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 12);
    int h = random.integer(1, 6);
    int[] byState = IntStream.range(0, n).map(i -> random.integer(0, h - 1)).toArray();
    if (seed % 2 == 0) {
      Arrays.sort(byState);
    }
    ComplexArray turn = random(random, n);
    ComplexArray poles = turn.mul(turn.abs().add(0.1).pow(-1).mul(0.8));
    DiscreteSsm one = DiscreteSsm.of(poles, random(random, n, 1), random(random, 1, n));
    if (random.chance(0.5)) {
      one = one.withBackwardC(random(random, 1, n));
    }
    DiscreteSsm channels = one.withChannels(Channels.of(h, byState));
    if (random.chance(0.5)) {
      channels = channels.withFeedthrough(random(random, h).real());
    }
    return new Both(channels, matrices(one, channels, byState, h));
  }

  /** The matrices, element by element. */
  private DiscreteSsm matrices(DiscreteSsm one, DiscreteSsm channels, int[] byState, int h) {
    return new DiscreteSsm(
        one.lambdaBar(),
        one.margin(),
        spread(one.bBar(), byState, h, true),
        spread(one.c(), byState, h, false),
        one.backwardC().map(back -> spread(back, byState, h, false)),
        channels.feedthrough());
  }

  private ComplexArray spread(ComplexArray numbers, int[] byState, int h, boolean rows) {
    return ComplexArray.of(
        spread(numbers.real(), byState, h, rows), spread(numbers.imag(), byState, h, rows));
  }

  private NDArray spread(NDArray numbers, int[] byState, int h, boolean rows) {
    double[] values = numbers.toDoubleArray();
    int n = byState.length;
    double[] out = new double[n * h];
    for (int i = 0; i < n; i++) {
      out[rows ? i * h + byState[i] : byState[i] * n + i] = values[i];
    }
    return manager.create(out, rows ? new Shape(n, h) : new Shape(h, n));
  }

  private static void assertSameLayers(Both both) {
    DiscreteSsm expected = both.matrices();
    DiscreteSsm actual = both.channels();
    assertEquals(expected.states(), actual.states());
    assertEquals(expected.inputs(), actual.inputs());
    assertEquals(expected.outputs(), actual.outputs());
    assertEquals(expected.bidirectional(), actual.bidirectional());
    assertEquals(0, expected.lambdaBar().sub(actual.lambdaBar()).abs().max().getDouble());
    assertEquals(0, expected.margin().sub(actual.margin()).abs().max().getDouble());
    assertEquals(0, expected.bBar().sub(actual.bBar()).abs().max().getDouble());
    assertEquals(0, expected.c().sub(actual.c()).abs().max().getDouble());
    assertEquals(expected.backwardC().isPresent(), actual.backwardC().isPresent());
    expected
        .backwardC()
        .ifPresent(
            back ->
                assertEquals(
                    0, back.sub(actual.backwardC().orElseThrow()).abs().max().getDouble()));
    assertArrayEquals(
        expected.feedthrough().map(NDArray::toDoubleArray).orElse(null),
        actual.feedthrough().map(NDArray::toDoubleArray).orElse(null));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void areTheirMatrices(long seed) {
    Both both = layer(seed);
    int n = both.channels().states();
    int h = both.channels().inputs();
    RandomSsms random = new RandomSsms(100 + seed);
    NDArray perChannel = random(random, h).real();
    NDArray perState = random(random, n).real();
    StateSet some = StateSet.where(n, i -> i == 0 || i % 3 == 1);
    assertSameLayers(both);
    assertSameLayers(both.map(each -> each.keep(some)));
    assertTrue(both.channels().keep(some).channels().isPresent());
    assertSameLayers(both.map(DiscreteSsm::withoutFeedthrough));
    assertSameLayers(both.map(each -> each.withFeedthrough(perChannel)));
    assertSameLayers(both.map(each -> each.withInputsTimes(perChannel)));
    assertSameLayers(both.map(each -> each.withStatesTimes(perState)));
    assertSameLayers(both.map(each -> each.withOutputsTimes(-0.5)));
    assertSameLayers(both.map(each -> each.withBBar(each.bBar().mul(perState.reshape(-1, 1)))));
    assertSameLayers(both.map(each -> each.withC(each.c().mul(perState))));
    assertSameLayers(both.map(each -> each.withBackwardC(each.c().mul(perState))));
    assertSameLayers(both.map(DiscreteSsm::transpose));
    assertSameLayers(both.map(each -> each.direction(Scan.Direction.FORWARD)));
    if (both.channels().bidirectional()) {
      assertSameLayers(both.map(each -> each.direction(Scan.Direction.BACKWARD).transpose()));
    }
    assertSameLayers(new Both(both.matrices().decoupled(), both.matrices()));
    assertEquals(both.channels().channels(), both.matrices().decoupled().channels());
    assertSame(both.channels(), both.channels().decoupled());
    Channels channels = both.channels().channels().orElseThrow();
    int[] counts = channels.counts();
    for (int k = 0; k < h; k++) {
      int channel = k;
      assertEquals(counts[k], channels.between(k, k + 1).count());
      if (counts[k] > 0) {
        assertSameLayers(both.map(each -> each.channel(channel)));
      } else {
        for (DiscreteSsm each : List.of(both.channels(), both.matrices())) {
          assertRefused("channel: expected one with states", () -> each.channel(channel));
        }
      }
    }
  }

  /** Of so many steps that channels are run one after another, and of few. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void answerAlike(long seed) {
    Both both = layer(seed);
    RandomSsms random = new RandomSsms(seed);
    for (int steps : new int[] {1, 9, 100_000}) {
      NDArray u = random(random, 2, steps, both.channels().inputs()).real();
      NDArray expected = both.matrices().output(u);
      NDArray actual = both.channels().output(u);
      assertEquals(expected.getShape(), actual.getShape());
      double size = 1 + expected.abs().max().getDouble();
      assertEquals(0, expected.sub(actual).abs().max().getDouble(), 1e-12 * size);
      Scan.Direction backward = Scan.Direction.BACKWARD;
      ComplexArray x = both.matrices().trajectories(u, backward);
      ComplexArray own = both.channels().trajectories(u, backward);
      assertEquals(0, x.sub(own).abs().max().getDouble(), 1e-12 * (1 + x.abs().max().getDouble()));
    }
  }

  /** Also where one is of channels and the other is not. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void differAlike(long seed) {
    Both whole = layer(seed);
    int n = whole.channels().states();
    Both kept = whole.map(each -> each.keep(StateSet.where(n, i -> i == 0 || i % 2 == 1)));
    Both fitted = kept.map(each -> each.withOutputsTimes(1.5));
    Both other = whole.map(each -> each.withStatesTimes(each.margin()));
    for (Both second : List.of(whole, kept, fitted, other)) {
      Optional<DiscreteSsm> expected = LayerDifference.of(whole.matrices(), second.matrices());
      for (Optional<DiscreteSsm> actual :
          List.of(
              LayerDifference.of(whole.channels(), second.channels()),
              LayerDifference.of(whole.channels(), second.matrices()),
              LayerDifference.of(whole.matrices(), second.channels()))) {
        assertEquals(expected.isPresent(), actual.isPresent());
        actual.ifPresent(
            difference -> assertSameLayers(new Both(difference, expected.orElseThrow())));
      }
      boolean present = expected.isPresent();
      assertEquals(
          present,
          LayerDifference.of(whole.channels(), second.channels())
              .map(difference -> difference.channels().isPresent())
              .orElse(false));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void discretiseAlike(long seed) {
    RandomSsms random = new RandomSsms(seed);
    int n = random.integer(1, 9);
    int h = random.integer(1, 5);
    int[] byState = IntStream.range(0, n).map(i -> random.integer(0, h - 1)).toArray();
    ComplexArray turn = random(random, n);
    DiagonalSsm one =
        DiagonalSsm.of(
                ComplexArray.of(turn.real().abs().neg().sub(0.1), turn.imag()),
                random(random, n, 1),
                random(random, 1, n),
                random(random, n).real().abs().add(0.01))
            .withBackwardC(random(random, 1, n));
    DiagonalSsm channels =
        one.withChannels(Channels.of(h, byState)).withFeedthrough(random(random, h).real());
    DiagonalSsm matrices =
        new DiagonalSsm(
            one.lambda(),
            spread(one.b(), byState, h, true),
            spread(one.c(), byState, h, false),
            one.step(),
            one.backwardC().map(back -> spread(back, byState, h, false)),
            channels.feedthrough());
    for (Discretization method : Discretization.values()) {
      DiscreteSsm discrete = method.discretize(channels);
      assertEquals(channels.channels(), discrete.channels());
      assertSameLayers(new Both(discrete, method.discretize(matrices)));
      DiagonalSsm back = method.continuous(discrete);
      DiagonalSsm expected = method.continuous(method.discretize(matrices));
      assertEquals(0, expected.b().sub(back.b()).abs().max().getDouble());
      assertEquals(0, expected.c().sub(back.c()).abs().max().getDouble());
    }
    assertEquals(DataType.FLOAT32, channels.toType(DataType.FLOAT32).b().dataType());
  }

  /** A matrix that is asked for is new, and belongs to the manager of the layer. */
  @Test
  void matricesAreMadeWhenAskedFor() {
    Both both = layer(3);
    int before = manager.getManagedArrays().size();
    ComplexArray b = both.channels().bBar();
    assertEquals(before + 2, manager.getManagedArrays().size());
    b.real().muli(0);
    assertNotEquals(0, both.channels().bBar().real().abs().sum().getDouble());
    ComplexArray given = both.matrices().bBar();
    assertSame(given, both.matrices().bBar());
  }

  private static void assertRefused(String message, Executable call) {
    Exception refused = assertThrows(IllegalArgumentException.class, call);
    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
  }

  @Test
  void refusesWhatDoesNotFit() {
    DiscreteSsm channels = layer(5).channels();
    DiscreteSsm one = channels.withoutChannels();
    int n = one.states();
    RandomSsms random = new RandomSsms(1);
    ComplexArray twice = random(random, n, 2);
    DiscreteSsm wide = one.withBBar(twice);
    DiscreteSsm coupled = DiscreteSsm.of(one.lambdaBar(), twice, random(random, 2, n));
    int[] first = new int[n + 1];
    assertRefused("byState: expected 0 to 1, got 2", () -> Channels.of(2, 0, 2));
    assertRefused("byState: expected 0 to 1, got -1", () -> Channels.of(2, -1));
    assertRefused("bBar: expected shape", () -> one.withChannels(Channels.of(2, first)));
    assertRefused("channels: expected", () -> one.withChannels(null));
    assertRefused("bBar: expected shape", () -> wide.withChannels(Channels.of(2, new int[n])));
    assertRefused("states: expected one channel each", coupled::decoupled);
    assertRefused("c: expected shape", wide::decoupled);
    NDArray three = manager.ones(new Shape(channels.inputs() + 1), DataType.FLOAT64);
    NDArray single = manager.ones(new Shape(channels.inputs()), DataType.FLOAT32);
    assertRefused("feedthrough: expected shape", () -> channels.withFeedthrough(three));
    assertRefused("feedthrough: expected dtype", () -> channels.withFeedthrough(single));
    assertRefused("factors: expected shape", () -> channels.withInputsTimes(three));
    assertRefused("factors: expected dtype", () -> channels.withInputsTimes(single));
    assertRefused("factors: expected an array", () -> channels.withStatesTimes(null));
    assertRefused("states: expected some of", () -> Channels.of(1, 0, 0).keep(StateSet.all(3)));
  }

  @Test
  void sayWhatTheyAre() {
    assertEquals("3 states in 2 of 4 channels", Channels.of(4, 1, 3, 1).toString());
    Both both = layer(3);
    assertTrue(both.channels().toString().contains(" channels"));
    assertTrue(both.matrices().toString().contains(" inputs to "));
  }
}
