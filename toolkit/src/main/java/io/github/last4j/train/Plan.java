package io.github.last4j.train;

import static java.util.Objects.requireNonNull;

import io.github.last4j.data.SequenceData;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A training with all that may be asked of it, such as {@code
 * Plan.of(Recipe.epochs(15)).with(Schedule.cubic(LAST, 0.8, 8, 0.1, 0.5)).run(model, train,
 * validation)}.
 *
 * @param recipe epochs, rates and the seed
 * @param schedule when the model is made smaller, if at all
 * @param penalties what is added to the loss
 * @param learned which parameters are trained
 * @param state a file that holds the state of the training at the end of its last epoch, from which
 *     it goes on if the file is there; it is removed when the training ends
 */
public record Plan(
    Recipe recipe,
    Optional<Schedule> schedule,
    List<Penalty> penalties,
    Learned learned,
    Optional<Path> state) {
  /** Copies the list. */
  public Plan {
    requireNonNull(recipe, "recipe");
    requireNonNull(schedule, "schedule");
    requireNonNull(learned, "learned");
    requireNonNull(state, "state");
    penalties = List.copyOf(penalties);
  }

  /** A training by a recipe, and nothing else. */
  public static Plan of(Recipe recipe) {
    return new Plan(recipe, Optional.empty(), List.of(), Learned.ALL, Optional.empty());
  }

  /** The same with pruning. */
  public Plan with(Schedule pruned) {
    return new Plan(recipe, Optional.of(pruned), penalties, learned, state);
  }

  /** The same with one more penalty. */
  public Plan with(Penalty penalty) {
    List<Penalty> more = new ArrayList<>(penalties);
    more.add(penalty);
    return new Plan(recipe, schedule, more, learned, state);
  }

  /** The same of some parameters only, as in fine-tuning. */
  public Plan only(Learned some) {
    return new Plan(recipe, schedule, penalties, some, state);
  }

  /** The same, which can be stopped and goes on from this file. */
  public Plan resuming(Path file) {
    return new Plan(recipe, schedule, penalties, learned, Optional.of(file));
  }

  /** Trains as the other {@code run} does, behind a line that shows how far it is. */
  public Outcome run(SequenceClassifier model, SequenceData train, SequenceData validation) {
    long steps = (long) recipe.epochs() * Training.stepsPerEpoch(train, recipe);
    try (Progress progress = Progress.of("training", steps)) {
      Training.Listener shown =
          new Training.Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              progress.note(String.format(Locale.ROOT, "epoch %d, loss %.3f", epoch, loss));
              progress.step();
            }
          };
      return run(model, train, validation, shown);
    }
  }

  /**
   * Trains a model, on its manager's device. Until something is removed from it, it is changed in
   * place; from then on it stays as it was, and what is trained is a smaller one. What goes on from
   * a file leaves the model as it is.
   *
   * <p>Moments of the optimiser and the number of its updates go on across a cut for all that
   * stays, if the pruning is a selection of states, with a refit or without; where it makes new
   * poles those of Λ, B, C, D and Δ begin anew.
   *
   * <p>With one thread a training that was stopped and goes on gives the model that it would have
   * given otherwise, bit for bit.
   *
   * @param model what is trained, or, where the file is there, a model of the same configuration
   * @param train what to learn from
   * @param validation what is evaluated after every epoch; nothing is chosen by it
   * @param listener is told of every step and epoch
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalArgumentException as {@link Training#run} and the pruning do, or if the file is
   *     of another training
   * @throws IllegalStateException as {@link Training#run} does
   * @throws java.io.UncheckedIOException if the file can't be read or written
   */
  public Outcome run(
      SequenceClassifier model,
      SequenceData train,
      SequenceData validation,
      Training.Listener listener) {
    try (Run run = new Run(this, model, train, validation, listener)) {
      return run.all();
    }
  }

  /** All that the course of a training depends on but the numbers of the model, in a line. */
  String description(ModelConfig config, SequenceData train, SequenceData validation) {
    return String.join(
        "; ",
        recipe.toString(),
        schedule.map(Schedule::description).orElse("no pruning"),
        penalties.stream().map(Penalty::title).toList().toString(),
        learned.toString(),
        train + " " + train.checksum(),
        validation + " " + validation.checksum(),
        config.toString());
  }
}
