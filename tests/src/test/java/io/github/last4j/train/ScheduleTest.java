package io.github.last4j.train;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Refit;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.ssm.States;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pruning inside training: what goes when, what the optimiser remembers, and going on. */
class ScheduleTest {
  private static final Training.Listener SILENT = new Training.Listener() {};
  private static final Recipe RECIPE = new Recipe(4, 1, 10, 0.02, 0.01, 0.1, 5);

  static SequenceData sequences(int samples) {
    Random random = new Random(2);
    float[] inputs = new float[samples * 12];
    int[] labels = new int[samples];
    for (int i = 0; i < samples; i++) {
      labels[i] = random.nextInt(2);
      for (int k = 0; k < 12; k++) {
        // Classes differ in the sign of what comes early: there is something to learn.
        inputs[i * 12 + k] = (float) random.nextGaussian() + (k < 4 ? 2 * labels[i] - 1 : 0);
      }
    }
    return SequenceData.of("two signs", "seed 2", 12, 1, 2, inputs, labels);
  }

  static ModelConfig config(Family family) {
    return ModelConfig.s5(1, 2)
        .with(
            c ->
                c.family(family)
                    .channels(4)
                    .pairs(layers(2, 8))
                    .dropout(0.1)
                    .clipPoles(true)
                    .stepMin(0.05)
                    .stepMax(0.5));
  }

  private static Map<String, float[]> numbers(SequenceClassifier model) {
    Map<String, float[]> numbers = new LinkedHashMap<>();
    try (NDManager scratch = model.manager().newSubManager()) {
      model
          .parametersByName(scratch)
          .forEach((name, array) -> numbers.put(name, array.toFloatArray()));
    }
    return numbers;
  }

  private static void assertSame(SequenceClassifier expected, SequenceClassifier actual) {
    Map<String, float[]> first = numbers(expected);
    Map<String, float[]> second = numbers(actual);
    assertEquals(first.keySet(), second.keySet());
    first.forEach((name, values) -> assertArrayEquals(values, second.get(name), name));
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Stops after an epoch, as a process that is killed then does. */
  private static Training.Listener killedAfter(int epoch) {
    return new Training.Listener() {
      @Override
      public void epoch(Epoch done) {
        if (done.number() == epoch) {
          throw new Killed();
        }
      }
    };
  }

  static List<Schedule> schedules() {
    SequenceData data = sequences(40);
    return List.of(
        Schedule.once(Criterion.LAST, 0.3, 0.5),
        Schedule.cubic(Criterion.AIRE, 0.7, 5, 0.1, 0.8),
        Schedule.iterative(Refit.on(data, Criterion.LAST), 0.6, 3, 0.25, 0.75),
        Schedule.early(Balanced.on(data), 0.5),
        Schedule.within(Criterion.LAST, Tolerance.accuracy(0.05, data), 2, 0.5, 0.75));
  }

  /** With each kind of schedule and a penalty, stopped after each epoch. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void whatGoesOnIsTheSameBitForBit(int which, @TempDir Path folder) {
    SequenceData data = sequences(60);
    try (NDManager manager = NDManager.newBaseManager()) {
      Plan plan = Plan.of(RECIPE).with(schedules().get(which)).with(Penalty.hankel(1e-3, 4));
      SequenceClassifier whole = SequenceClassifier.create(manager, config(Family.S5), 1);
      Outcome straight = plan.run(whole, data, data, SILENT);
      for (int epoch = 1; epoch < RECIPE.epochs(); epoch++) {
        Plan stopped = plan.resuming(folder.resolve("state-" + epoch));
        Training.Listener killer = killedAfter(epoch);
        SequenceClassifier first = SequenceClassifier.create(manager, config(Family.S5), 1);
        assertThrows(Killed.class, () -> stopped.run(first, data, data, killer));
        // What the model that is given now holds does not matter.
        SequenceClassifier second = SequenceClassifier.create(manager, config(Family.S5), 9);
        Outcome resumed = stopped.run(second, data, data, SILENT);
        assertSame(straight.model(), resumed.model());
        assertEquals(
            straight.removals().stream().map(Removal::states).toList(),
            resumed.removals().stream().map(Removal::states).toList());
        for (int i = 0; i < RECIPE.epochs(); i++) {
          assertEquals(straight.epochs().get(i).loss(), resumed.epochs().get(i).loss());
          assertEquals(straight.epochs().get(i).validation(), resumed.epochs().get(i).validation());
        }
        assertTrue(Files.notExists(stopped.state().orElseThrow()));
      }
    }
  }

  /** Dropout is drawn once or twice in a layer, and for the smaller last batch of an epoch. */
  @ParameterizedTest
  @EnumSource(Activation.class)
  void dropoutGoesOnWhereItWas(Activation activation, @TempDir Path folder) {
    SequenceData data = sequences(25);
    ModelConfig config = config(Family.S5).with(c -> c.activation(activation));
    Plan plan = Plan.of(RECIPE);
    Plan stopped = plan.resuming(folder.resolve("state"));
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier straight = SequenceClassifier.create(manager, config, 1);
      plan.run(straight, data, data, SILENT);
      SequenceClassifier first = SequenceClassifier.create(manager, config, 1);
      assertThrows(Killed.class, () -> stopped.run(first, data, data, killedAfter(2)));
      assertSame(straight, stopped.run(first, data, data, SILENT).model());
    }
  }

  /**
   * Steps with fewer states against steps with all of them, where C of those that went is zero
   * after every step, as it is without an update: nothing of them has an effect then.
   */
  @ParameterizedTest
  @EnumSource(Family.class)
  void removalIsMaskingWithMoments(Family family, @TempDir Path folder) throws Exception {
    SequenceData data = sequences(60);
    Schedule schedule = Schedule.once(Criterion.LAST, 0.5, 0.5);
    Plan pruned = Plan.of(RECIPE).with(schedule).resuming(folder.resolve("pruned"));
    Plan masked = Plan.of(RECIPE).resuming(folder.resolve("masked"));
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config(family), 1);
      // Two epochs; the one stops right after the cut, the other in its place without one.
      assertThrows(Killed.class, () -> pruned.run(model, data, data, killedAfter(2)));
      SequenceClassifier other = SequenceClassifier.create(manager, config(family), 1);
      assertThrows(Killed.class, () -> masked.run(other, data, data, killedAfter(2)));
      Path file = masked.state().orElseThrow();
      Position.State state =
          Position.read(manager, manager, file, masked.description(config(family), data, data));
      States gone = Criterion.LAST.select(state.model(), 0.5).complement();
      hush(state.model(), gone);
      state.position().write(state.model(), state.moments(), file);
      Masking masking = new Masking(gone);
      Outcome smaller = pruned.run(model, data, data, SILENT);
      Outcome larger = masked.run(other, data, data, masking);
      assertEquals(8, Amount.states(smaller.model()));
      assertEquals(16, Amount.states(larger.model()));
      assertEquals(12, masking.steps);
      for (int i = 2; i < 4; i++) {
        // Twelve steps in single precision with sums of other lengths.
        assertEquals(larger.epochs().get(i).loss(), smaller.epochs().get(i).loss(), 1e-6);
      }
      Map<String, float[]> small = numbers(smaller.model());
      numbers(larger.model().keep(gone.complement()))
          .forEach((name, values) -> assertArrayEquals(values, small.get(name), 1e-6f, name));
    }
  }

  /** Hushes some states of the model that is trained after every step. */
  private static final class Masking implements Training.Listener {
    private final States gone;
    private int steps;

    Masking(States gone) {
      this.gone = gone;
    }

    @Override
    public void step(
        int epoch, int step, int stepsPerEpoch, double loss, SequenceClassifier model) {
      hush(model, gone);
      steps++;
    }
  }

  /** Makes C zero for some states. */
  private static void hush(SequenceClassifier model, States gone) {
    boolean rows = model.config().family() == Family.S4D;
    model
        .trainedByName()
        .forEach(
            (name, parameter) -> {
              if (name.endsWith("/C")) {
                NDArray array = parameter.getArray();
                float[] values = array.toFloatArray();
                int n = (int) array.getShape().get(rows ? 0 : 1);
                int layer = name.contains("layers_0") ? 0 : 1;
                for (int at = 0; at < values.length; at++) {
                  // C is (h, n, 2) in S5 and (n, 2) in S4D.
                  if (gone.layer(layer).has(at / 2 % n)) {
                    values[at] = 0;
                  }
                }
                array.set(values);
              }
            });
  }

  /** What stays has the moments that it had, and what is new has seen nothing. */
  @Test
  void newPolesBeginAnew() {
    SequenceData data = sequences(40);
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config(Family.S5), 1);
      Map<String, Moment> moments = new LinkedHashMap<>();
      model
          .trainedByName()
          .forEach(
              (name, parameter) ->
                  moments.put(
                      name,
                      new Moment(parameter.getArray().mul(2), parameter.getArray().square(), 7)));
      Carried reduced = Carried.prune(Balanced.on(data), model, 0.5, 0);
      Map<String, Moment> kept = reduced.moments(model, moments, manager);
      assertEquals(
          moments.keySet().stream().filter(name -> !name.contains("/seq/")).toList(),
          List.copyOf(kept.keySet()));
      for (Pruning selection : List.of(Criterion.LAST, Refit.on(data, Criterion.LAST))) {
        Carried selected = Carried.prune(selection, model, 0.5, 0);
        Map<String, Moment> all = selected.moments(model, moments, manager);
        assertEquals(moments.keySet(), all.keySet());
        Map<String, NDArray> there = new LinkedHashMap<>();
        selected.model().trainedByName().forEach((n, p) -> there.put(n, p.getArray()));
        all.forEach(
            (name, moment) -> {
              assertEquals(7, moment.updates());
              assertEquals(there.get(name).getShape(), moment.mean().getShape(), name);
              if (!name.contains("/C") && !name.contains("/D")) {
                // A refit changes these; all others are what they were.
                float[] doubled = there.get(name).mul(2).toFloatArray();
                assertArrayEquals(doubled, moment.mean().toFloatArray(), name);
                float[] squared = there.get(name).square().toFloatArray();
                assertArrayEquals(squared, moment.square().toFloatArray(), name);
              }
            });
      }
    }
  }

  @Test
  void onlyTheSystemsLearn() {
    SequenceData data = sequences(40);
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config(Family.S5), 1);
      Map<String, float[]> before = numbers(model);
      Plan.of(RECIPE).only(Learned.SYSTEMS).run(model, data, data, SILENT);
      numbers(model)
          .forEach(
              (name, values) -> {
                boolean moves = name.contains("/seq/") || name.startsWith("batch_stats/");
                assertEquals(!moves, Arrays.equals(before.get(name), values), name);
              });
    }
  }

  @Test
  void theModelIsSmallerFromTheCutOn() {
    SequenceData data = sequences(40);
    List<Integer> seen = new ArrayList<>();
    Training.Listener listener =
        new Training.Listener() {
          @Override
          public void epoch(Epoch epoch, SequenceClassifier model) {
            seen.add(Amount.states(model));
          }
        };
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config(Family.S5), 1);
      Schedule schedule = Schedule.cubic(Criterion.LAST, 0.75, 4, 0.25, 1);
      Outcome outcome = Plan.of(RECIPE).with(schedule).run(model, data, data, listener);
      // 0.75 (1 - (1 - k/4)³) of 16 states: 6.9, 10.5, 11.8, 12 are gone.
      assertEquals(List.of(9, 5, 4, 4), seen);
      assertEquals(16, Amount.states(model));
      assertEquals(seen, outcome.table().intColumn("states").asList());
      assertEquals(List.of(4, 8, 12), outcome.removals().stream().map(Removal::step).toList());
    }
  }

  @Test
  void arithmetic() {
    for (int times = 1; times < 9; times++) {
      for (double ratio : new double[] {0, 0.3, 0.8, 0.95}) {
        Schedule iterative = Schedule.iterative(Criterion.LAST, ratio, times, 0.1, 0.7);
        Schedule cubic = Schedule.cubic(Criterion.LAST, ratio, times, 0.1, 0.7);
        for (Schedule schedule : List.of(iterative, cubic)) {
          double[] gone =
              schedule.cuts().stream()
                  .mapToDouble(cut -> ((Amount.Gone) cut.amount()).gone())
                  .toArray();
          assertEquals(times, gone.length);
          assertEquals(ratio, gone[times - 1], 1e-12);
          assertEquals(0.7, schedule.cuts().get(times - 1).time(), 1e-12);
          assertEquals(times == 1 ? 0.7 : 0.1, schedule.cuts().get(0).time(), 1e-12);
          for (int k = 1; k < times; k++) {
            assertTrue(gone[k] >= gone[k - 1]);
            if (schedule.title().equals(iterative.title())) {
              double first = 1 - gone[0];
              assertEquals(first, (1 - gone[k]) / (1 - gone[k - 1]), 1e-12);
            } else {
              // Steps of a ramp that flattens become smaller.
              double before = gone[k - 1] - (k == 1 ? 0 : gone[k - 2]);
              assertTrue(gone[k] - gone[k - 1] <= before + 1e-12);
            }
          }
        }
      }
    }
    assertEquals(0.1, Schedule.early(Criterion.LAST, 0.5).cuts().get(0).time());
    assertEquals(16, new Schedule.Cut(0.1, Amount.gone(0.5)).step(160));
    assertEquals(0, new Schedule.Cut(0, Amount.gone(0.5)).step(160));
    assertEquals(160, new Schedule.Cut(1, Amount.gone(0.5)).step(160));
  }

  @Test
  void badNumbersAreNamed(@TempDir Path folder) throws Exception {
    Criterion last = Criterion.LAST;
    refused("time", () -> Schedule.once(last, 1.1, 0.5));
    refused("time", () -> Schedule.once(last, Double.NaN, 0.5));
    refused("gone", () -> Schedule.once(last, 0.5, -0.1));
    refused("ratio", () -> Schedule.iterative(last, 1, 3, 0, 1));
    refused("ratio", () -> Schedule.cubic(last, 1.5, 3, 0, 1));
    refused("times", () -> Schedule.cubic(last, 0.5, 0, 0, 1));
    refused("from, to", () -> Schedule.cubic(last, 0.5, 3, 0.8, 0.2));
    refused("cuts", () -> new Schedule("x", last, List.of(cut(0.5), cut(0.4))));
    refused("weight", () -> Penalty.hankel(0));
    refused("weight", () -> Penalty.radius(Double.POSITIVE_INFINITY));
    refused("every", () -> Penalty.hankel(1, 0));
    SequenceData data = sequences(40);
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config(Family.S5), 1);
      Path file = folder.resolve("state");
      Plan plan = Plan.of(RECIPE).resuming(file);
      assertThrows(Killed.class, () -> plan.run(model, data, data, killedAfter(1)));
      refused("state", () -> plan.with(Penalty.radius(1)).run(model, data, data, SILENT));
      refused("state", () -> plan.run(model, data, data.take(20), SILENT));
      Files.write(file, new byte[] {1, 2, 3});
      Exception e = assertThrows(Exception.class, () -> plan.run(model, data, data, SILENT));
      assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }
  }

  /** An interrupt stops it, and what the file has goes on. */
  @Test
  void anInterruptLeavesTheFile(@TempDir Path folder) {
    SequenceData data = sequences(40);
    Plan plan = Plan.of(RECIPE).resuming(folder.resolve("state"));
    try (NDManager manager = NDManager.newBaseManager()) {
      SequenceClassifier model = SequenceClassifier.create(manager, config(Family.S5), 1);
      Training.Listener interrupting =
          new Training.Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              if (epoch == 2 && step == 2) {
                Thread.currentThread().interrupt();
              }
            }
          };
      assertThrows(CancellationException.class, () -> plan.run(model, data, data, interrupting));
      Thread.interrupted();
      assertTrue(Files.exists(folder.resolve("state")));
      SequenceClassifier again = SequenceClassifier.create(manager, config(Family.S5), 1);
      SequenceClassifier never = SequenceClassifier.create(manager, config(Family.S5), 1);
      Outcome resumed = plan.run(again, data, data, SILENT);
      Outcome straight = Plan.of(RECIPE).run(never, data, data, SILENT);
      assertSame(straight.model(), resumed.model());
    }
  }

  private static Schedule.Cut cut(double time) {
    return new Schedule.Cut(time, Amount.gone(0.5));
  }

  private static void refused(String argument, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.startsWith(argument), message);
  }
}
