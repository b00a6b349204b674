package io.github.last4j.train;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.progress.Interruption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A training while it runs. Between two cuts DJL's trainer and optimiser stay; at a cut they are
 * made anew for the smaller model, with the moments of what stayed.
 */
final class Run implements AutoCloseable {
  // The parameters of a state space system that Adam updates, by the ends of their names.
  private static final Set<String> SSM_PARAMETERS =
      Set.of("Lambda_re", "Lambda_im", "B", "log_step");

  private final Plan plan;
  private final Recipe recipe;
  private final SequenceClassifier given;
  private final Dataset shuffled;
  private final Dataset checked;
  private final Training.Listener listener;
  private final String description;
  private final int samples;
  private final int steps;
  private final NDManager base;
  private final List<Epoch> epochs = new ArrayList<>();
  private final List<Removal> removals = new ArrayList<>();
  private SequenceClassifier model;
  private Phase phase;
  private int states;
  private int cuts;
  private int done;

  Run(
      Plan plan,
      SequenceClassifier given,
      SequenceData train,
      SequenceData validation,
      Training.Listener listener) {
    requireKind("train", train, given);
    requireKind("validation", validation, given);
    this.plan = plan;
    this.given = given;
    this.listener = listener;
    recipe = plan.recipe();
    samples = train.size();
    steps = Training.stepsPerEpoch(train, recipe);
    shuffled = train.asDataset(recipe.batchSize(), recipe.seed());
    checked = validation.asDataset(recipe.batchSize());
    description = plan.description(given.config(), train, validation);
    model = given;
    states = Amount.states(given);
    base = given.manager().getParentManager().newSubManager();
  }

  Outcome all() {
    boolean ended = false;
    try {
      // Dropout draws from the engine's generator.
      Engine.getInstance().setRandomSeed((int) recipe.seed());
      NDManager owner = base.newSubManager();
      phase = new Phase(owner, resumed(owner));
      for (int number = epochs.size() + 1; number <= recipe.epochs(); number++) {
        epoch(number);
      }
      if (plan.state().isPresent()) {
        Files.deleteIfExists(plan.state().get());
      }
      ended = true;
      return new Outcome(model, states, steps, epochs, removals);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!ended && model != given) {
        closePhase();
        model.close();
      }
    }
  }

  /** Goes on where the file is, if there is one; the moments of what it had. */
  private Map<String, Moment> resumed(NDManager owner) throws IOException {
    if (plan.state().isEmpty() || !Files.exists(plan.state().get())) {
      return Map.of();
    }
    Position.State state =
        Position.read(given.manager().getParentManager(), owner, plan.state().get(), description);
    model = state.model();
    states = state.position().states();
    cuts = state.position().cuts();
    epochs.addAll(state.position().epochs());
    removals.addAll(state.position().removals());
    done = epochs.size() * steps;
    epochs.forEach(epoch -> passOver());
    return state.moments();
  }

  /** Leaves the order of the samples and what dropout draws where an epoch leaves them. */
  private void passOver() {
    batches();
    for (int from = 0; from < samples; from += recipe.batchSize()) {
      Interruption.check("the training");
      model.drawDropout(Math.min(recipe.batchSize(), samples - from));
    }
  }

  private Iterable<Batch> batches() {
    try {
      return shuffled.getData(base);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (TranslateException e) {
      throw new IllegalArgumentException("train: expected a readable dataset", e);
    }
  }

  private void epoch(int number) throws IOException {
    long start = System.nanoTime();
    phase.beginTerms();
    double loss = pass(number);
    cut();
    Evaluation evaluation = Evaluation.of(model, checked);
    Epoch epoch = new Epoch(number, loss, evaluation, (System.nanoTime() - start) / 1e9);
    epochs.add(epoch);
    if (plan.state().isPresent()) {
      Map<String, Moment> moments = phase.moments();
      Map<String, Integer> updates = new TreeMap<>();
      moments.forEach((name, moment) -> updates.put(name, moment.updates()));
      new Position(description, states, cuts, updates, epochs, removals)
          .write(model, moments, plan.state().get());
    }
    listener.epoch(epoch, model);
  }

  private double pass(int epoch) {
    double sum = 0;
    int step = 0;
    for (Batch batch : batches()) {
      double loss;
      try (batch) {
        Interruption.check("the training");
        cut();
        loss = phase.step(batch);
        if (!Double.isFinite(loss)) {
          throw new IllegalStateException(
              String.format(
                  Locale.ROOT,
                  "training diverged: the loss is %s at step %d of epoch %d; %s",
                  loss,
                  step + 1,
                  epoch,
                  firstNotFinite(batch.getData())));
        }
      }
      sum += loss;
      done++;
      listener.step(epoch, ++step, steps, loss, model);
    }
    return sum / step;
  }

  /** Makes the cuts whose time has come. */
  private void cut() {
    if (plan.schedule().isEmpty()) {
      return;
    }
    Schedule schedule = plan.schedule().get();
    while (cuts < schedule.cuts().size()
        && schedule.cuts().get(cuts).step(steps * recipe.epochs()) <= done) {
      Amount amount = schedule.cuts().get(cuts++).amount();
      long start = System.nanoTime();
      double ratio = amount.ratio(model, states, schedule.pruning(), recipe.seed());
      if (ratio > 0) {
        remove(schedule, ratio);
        double seconds = (System.nanoTime() - start) / 1e9;
        removals.add(new Removal(done, model.config().pairs(), seconds));
      }
    }
  }

  private void remove(Schedule schedule, double ratio) {
    Carried smaller = Carried.prune(schedule.pruning(), model, ratio, recipe.seed());
    NDManager owner = base.newSubManager();
    Map<String, Moment> moments = smaller.moments(model, phase.moments(), owner);
    closePhase();
    if (model != given) {
      model.close();
    }
    model = smaller.model();
    phase = new Phase(owner, moments);
    phase.beginTerms();
  }

  private void closePhase() {
    if (phase != null) {
      phase.close();
      phase = null;
    }
  }

  /** Frees all but the model. */
  @Override
  public void close() {
    closePhase();
    base.close();
  }

  /** What lasts from one cut to the next. */
  private final class Phase {
    private final NDManager owner;
    private final Map<String, Parameter> parameters;
    private final GroupedOptimizer optimizer;
    private final Model holder;
    private final Trainer trainer;
    private NDManager kept;
    private List<Penalty.Term> terms = List.of();

    /**
     * Begins.
     *
     * @param owner holds the moments from before
     */
    Phase(NDManager owner, Map<String, Moment> moments) {
      this.owner = owner;
      parameters = model.trainedByName();
      Map<String, Moment> byId = new LinkedHashMap<>();
      moments.forEach((name, moment) -> byId.put(parameters.get(name).getId(), moment));
      optimizer =
          new GroupedOptimizer(
              recipe,
              ids(name -> SSM_PARAMETERS.contains(name.substring(name.lastIndexOf('/') + 1))),
              ids(name -> !plan.learned().has(name)),
              steps,
              owner,
              done,
              byId);
      Device device = model.manager().getDevice();
      holder = Model.newInstance("classifier", device);
      holder.setBlock(model);
      trainer =
          holder.newTrainer(
              new DefaultTrainingConfig(Loss.l2Loss())
                  .optDevices(new Device[] {device})
                  .optOptimizer(optimizer));
    }

    private Set<String> ids(Predicate<String> wanted) {
      return parameters.entrySet().stream()
          .filter(entry -> wanted.test(entry.getKey()))
          .map(entry -> entry.getValue().getId())
          .collect(Collectors.toSet());
    }

    /** What the penalties keep begins anew. */
    void beginTerms() {
      if (kept != null) {
        kept.close();
      }
      kept = owner.newSubManager();
      terms = plan.penalties().stream().map(penalty -> penalty.of(model, kept)).toList();
    }

    /** By the names of the parameters. */
    Map<String, Moment> moments() {
      Map<String, Moment> byId = optimizer.moments();
      Map<String, Moment> byName = new LinkedHashMap<>();
      parameters.forEach(
          (name, parameter) -> {
            if (byId.containsKey(parameter.getId())) {
              byName.put(name, byId.get(parameter.getId()));
            }
          });
      return byName;
    }

    /** A step; the loss without penalties. */
    double step(Batch batch) {
      // Results attach to the parameters' manager, and so do the gradients that DJL checks in the
      // first step; the scope frees them.
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        double loss;
        boolean finite;
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDArray logProbabilities = trainer.forward(batch.getData()).singletonOrThrow();
          NDArray mean = Evaluation.losses("train", logProbabilities, batch.getLabels()).mean();
          NDArray total = mean;
          for (Penalty.Term term : terms) {
            total = total.add(term.value());
          }
          collector.backward(total);
          loss = mean.getFloat();
          finite =
              terms.isEmpty()
                  ? Double.isFinite(loss)
                  : Double.isFinite(total.toType(DataType.FLOAT64, false).getDouble());
        }
        // A step from any other loss would spoil every parameter, and hide what was wrong.
        if (finite) {
          trainer.step();
        }
        return finite ? loss : Double.NaN;
      }
    }

    void close() {
      trainer.close();
      holder.close();
      owner.close();
    }
  }

  private String firstNotFinite(NDList x) {
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
}
