package io.github.last4j.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import ai.djl.util.Pair;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import io.github.last4j.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Trains a classifier by a recipe. */
public final class Training {
  // The parameters of a state space system that Adam updates, by the ends of their names.
  private static final Set<String> SSM_PARAMETERS =
      Set.of("Lambda_re", "Lambda_im", "B", "log_step");

  private Training() {}

  /** Is told of progress. */
  public interface Listener {
    /** A step is done; the loss is its batch's. */
    default void step(int epoch, int step, int stepsPerEpoch, double loss) {}

    /** An epoch is done. */
    default void epoch(Epoch epoch) {}

    /** Listens to the epochs only. */
    static Listener ofEpochs(Consumer<Epoch> consumer) {
      return new Listener() {
        @Override
        public void epoch(Epoch epoch) {
          consumer.accept(epoch);
        }
      };
    }
  }

  /** Trains a model as the other {@code run} does, behind a line that shows how far it is. */
  public static List<Epoch> run(
      SequenceClassifier model, SequenceData train, SequenceData validation, Recipe recipe) {
    long steps = (long) recipe.epochs() * stepsPerEpoch(train, recipe);
    try (Progress progress = Progress.of("training", steps)) {
      Listener shown =
          new Listener() {
            @Override
            public void step(int epoch, int step, int stepsPerEpoch, double loss) {
              progress.note(String.format(Locale.ROOT, "epoch %d, loss %.3f", epoch, loss));
              progress.step();
            }
          };
      return run(model, train, validation, recipe, shown);
    }
  }

  /**
   * Trains a model in place, on its manager's device.
   *
   * @param model the model, changed step by step
   * @param train what to learn from
   * @param validation what is evaluated after every epoch; nothing is chosen by it
   * @param recipe epochs, rates and the seed for the order of samples and for dropout
   * @param listener is told of every step and epoch
   * @return the epochs
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the model is
   *     then as the last whole step left it
   * @throws IllegalArgumentException if the model classifies pairs and the data hold single
   *     sequences, or the other way round, or the data have classes that the model does not have
   * @throws IllegalStateException if the loss is no longer finite, naming the first parameter that
   *     is not finite either, or else the layer; the model is then as that loss found it
   */
  public static List<Epoch> run(
      SequenceClassifier model,
      SequenceData train,
      SequenceData validation,
      Recipe recipe,
      Listener listener) {
    requireKind("train", train, model);
    requireKind("validation", validation, model);
    // Dropout draws from the engine's generator.
    Engine.getInstance().setRandomSeed((int) recipe.seed());
    int steps = stepsPerEpoch(train, recipe);
    Dataset shuffled = train.asDataset(recipe.batchSize(), recipe.seed());
    Dataset checked = validation.asDataset(recipe.batchSize());
    Device device = model.manager().getDevice();
    List<Epoch> epochs = new ArrayList<>();
    try (NDManager moments = model.manager().newSubManager();
        Model holder = Model.newInstance("classifier", device)) {
      holder.setBlock(model);
      DefaultTrainingConfig config =
          new DefaultTrainingConfig(Loss.l2Loss())
              .optDevices(new Device[] {device})
              .optOptimizer(new GroupedOptimizer(recipe, ssmParameters(model), steps, moments));
      try (Trainer trainer = holder.newTrainer(config)) {
        for (int number = 1; number <= recipe.epochs(); number++) {
          long start = System.nanoTime();
          double loss = pass(model, trainer, shuffled, number, steps, listener);
          Evaluation evaluation = Evaluation.of(model, checked);
          Epoch epoch = new Epoch(number, loss, evaluation, (System.nanoTime() - start) / 1e9);
          epochs.add(epoch);
          listener.epoch(epoch);
        }
      }
    }
    return epochs;
  }

  private static int stepsPerEpoch(SequenceData train, Recipe recipe) {
    return (train.size() + recipe.batchSize() - 1) / recipe.batchSize();
  }

  /** A loss would take the first of too many rows without a word. */
  private static void requireKind(String name, SequenceData data, SequenceClassifier model) {
    int expected = model.config().documentPairs() ? 2 : 1;
    if (data.documents() != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: expected samples of %d sequences, as the model classifies, got %d",
              name,
              expected,
              data.documents()));
    }
    if (data.classes() > model.config().classes()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: expected at most %d classes, as the model has, got %d",
              name,
              model.config().classes(),
              data.classes()));
    }
  }

  private static Set<String> ssmParameters(SequenceClassifier model) {
    return model.getParameters().stream()
        .map(Pair::getValue)
        .filter(parameter -> SSM_PARAMETERS.contains(parameter.getName()))
        .map(Parameter::getId)
        .collect(Collectors.toSet());
  }

  private static double pass(
      SequenceClassifier model,
      Trainer trainer,
      Dataset shuffled,
      int epoch,
      int steps,
      Listener listener) {
    double sum = 0;
    int step = 0;
    try {
      for (Batch batch : trainer.iterateDataset(shuffled)) {
        double loss;
        try (batch) {
          Interruption.check("the training");
          loss = step(trainer, batch);
          if (!Double.isFinite(loss)) {
            throw new IllegalStateException(
                String.format(
                    Locale.ROOT,
                    "training diverged: the loss is %s at step %d of epoch %d; %s",
                    loss,
                    step + 1,
                    epoch,
                    firstNotFinite(model, batch.getData())));
          }
        }
        sum += loss;
        listener.step(epoch, ++step, steps, loss);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalArgumentException("train: expected a readable dataset", e);
    }
    return sum / step;
  }

  private static double step(Trainer trainer, Batch batch) {
    // Results attach to the parameters' manager, and so do the gradients that DJL checks in the
    // first step; the scope frees them.
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      double loss;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDArray logProbabilities = trainer.forward(batch.getData()).singletonOrThrow();
        NDArray mean = Evaluation.losses("train", logProbabilities, batch.getLabels()).mean();
        collector.backward(mean);
        loss = mean.getFloat();
      }
      // A step from any other loss would spoil every parameter, and hide what was wrong.
      if (Double.isFinite(loss)) {
        trainer.step();
      }
      return loss;
    }
  }

  private static String firstNotFinite(SequenceClassifier model, NDList x) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return model.parametersByName(scratch).entrySet().stream()
          .filter(parameter -> !ComplexArray.isFinite(parameter.getValue()))
          .findFirst()
          .map(parameter -> "the first parameter that is not finite is " + parameter.getKey())
          .orElseGet(
              () ->
                  "all parameters are finite; the first numbers that are not are those of "
                      + model.firstNotFinite(x).orElse("the training pass"));
    }
  }
}
