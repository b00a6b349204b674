package io.github.last4j.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.last4j.data.SequenceData;
import io.github.last4j.train.Amount;
import io.github.last4j.train.Plan;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Schedule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Arguments with options, and what those of make train ask for. */
class OptionsTest {
  private static final Set<String> KNOWN =
      Set.of("schedule", "ratio", "loss", "method", "hankel", "radius", "epochs");

  private static Options options(String... args) {
    return Options.of(KNOWN, args);
  }

  @Test
  void wordsAndOptions() {
    Options options = options("a", "--ratio", "0.5", "b", "--epochs", "7");
    assertEquals(List.of("a", "b"), options.words());
    assertEquals(0.5, options.number("ratio", 1));
    assertEquals(7, options.whole("epochs", 1));
    assertEquals(1, options.number("loss", 1));
    assertEquals("last", options.text("method", "last"));
  }

  @Test
  void badOptionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> options("--no", "1"));
    assertThrows(IllegalArgumentException.class, () -> options("--ratio"));
    assertThrows(IllegalArgumentException.class, () -> options("--ratio", "1", "--ratio", "1"));
    assertThrows(
        IllegalArgumentException.class, () -> options("--epochs", "1.5").whole("epochs", 1));
  }

  @Test
  void aPlanIsWhatTheOptionsSay() {
    SequenceData data =
        SequenceData.of("two", "", 3, 1, 2, new float[] {1, 2, 3, 4, 5, 6}, new int[] {0, 1});
    Recipe recipe = Recipe.epochs(15).seed(4).decay(0.5);
    assertEquals(Plan.of(recipe), Train.plan(recipe, options(), data, data));
    Plan plan =
        Train.plan(
            recipe,
            options("--schedule", "cubic", "--ratio", "0.7", "--hankel", "1e-4", "--epochs", "6"),
            data,
            data);
    assertEquals(Recipe.epochs(6).seed(4).decay(0.5), plan.recipe());
    assertEquals(1, plan.penalties().size());
    Schedule schedule = plan.schedule().orElseThrow();
    assertEquals("Cubic", schedule.title());
    assertEquals("LAST", schedule.pruning().title());
    Schedule.Cut end = schedule.cuts().get(schedule.cuts().size() - 1);
    assertEquals(0.7, ((Amount.Gone) end.amount()).gone());
    plan = Train.plan(recipe, options("--schedule", "tolerance", "--loss", "0.02"), data, data);
    assertEquals("By tolerance", plan.schedule().orElseThrow().title());
    assertEquals(recipe, plan.recipe());
  }
}
