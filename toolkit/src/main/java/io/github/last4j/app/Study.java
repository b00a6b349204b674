package io.github.last4j.app;

import ai.djl.ndarray.NDManager;
import com.sun.management.OperatingSystemMXBean;
import io.github.last4j.data.DataFolder;
import io.github.last4j.data.SequenceData;
import io.github.last4j.data.Split;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Layerwise;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Refit;
import io.github.last4j.prune.Tolerance;
import io.github.last4j.train.CpuPreset;
import io.github.last4j.train.Epoch;
import io.github.last4j.train.Learned;
import io.github.last4j.train.Outcome;
import io.github.last4j.train.Penalty;
import io.github.last4j.train.Plan;
import io.github.last4j.train.Recipe;
import io.github.last4j.train.Schedule;
import io.github.last4j.train.Training;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * When to prune: trains models whole, smaller and smaller, and small from the start, with equal
 * epochs and with equal time, and writes data/results/when.
 */
public final class Study {
  private static final List<String> COLUMNS =
      List.of(
          "model",
          "seed",
          "samples",
          "epochs",
          "method",
          "states before",
          "states",
          "accuracy",
          "loss",
          "seconds",
          "cpu seconds",
          "steps",
          "multiplications");
  private static final List<String> COURSE =
      List.of(
          "model",
          "seed",
          "samples",
          "epochs",
          "method",
          "epoch",
          "states",
          "training loss",
          "validation accuracy",
          "seconds",
          "cpu seconds");
  private static final int CALIBRATION = 100;
  private static final String WHOLE = "Whole";
  private static final String SMALL = "Small from the start";
  private static final String CUBIC = "Cubic by LAST";
  private static final String CUBIC_BALANCED = "Cubic by covariance balancing";
  private static final String EQUAL_TIME = " (equal time)";
  private static final String SHORT_TIME = " (0.6 of the time)";
  private static final double SHORT = 0.6;

  private final CpuPreset preset;
  private final long seed;
  private final int epochs;
  private final double ratio;
  private final SequenceData train;
  private final SequenceData validation;
  private final SequenceData test;
  private final StudyFile rows;
  private final StudyFile course;

  private Study(CpuPreset preset, long seed, int epochs, int samples, double ratio)
      throws IOException {
    this.preset = preset;
    this.seed = seed;
    this.epochs = epochs;
    this.ratio = ratio;
    train = preset.task().data(Split.TRAIN).take(samples);
    validation = preset.task().data(Split.VALIDATION);
    test = preset.task().data(Split.TEST);
    Path folder = DataFolder.locate().resolve("results/when");
    rows = new StudyFile(folder.resolve(preset.title() + ".csv"), COLUMNS);
    course = new StudyFile(folder.resolve(preset.title() + "-course.csv"), COURSE);
  }

  /**
   * Runs the study; goes on where an earlier run was interrupted, with the method that it was at.
   *
   * @param args the kinds of models, by default smnist14-s5 and fashion-s5; --seeds 0,1,2 --epochs
   *     6 --samples 4000 --ratio 0.8 are the defaults
   */
  public static void main(String[] args) {
    Program.main(() -> run(args));
  }

  /**
   * The same for callers who take exceptions.
   *
   * @throws IllegalArgumentException if there is no such kind or an option is wrong
   */
  static void run(String... args) throws IOException {
    Options options = Options.of(Set.of("seeds", "epochs", "samples", "ratio"), args);
    List<CpuPreset> presets =
        options.words().isEmpty()
            ? List.of(CpuPreset.SMNIST14_S5, CpuPreset.FASHION_S5)
            : options.words().stream().map(CpuPreset::of).toList();
    for (String seed : options.text("seeds", "0,1,2").split(",", -1)) {
      for (CpuPreset preset : presets) {
        new Study(
                preset,
                Options.whole("seeds", seed),
                options.whole("epochs", 6),
                options.whole("samples", 4000),
                options.number("ratio", 0.8))
            .run();
      }
    }
  }

  private void run() throws IOException {
    Layerwise last = Criterion.LAST;
    SequenceData calibration = train.take(CALIBRATION);
    Layerwise balanced = Balanced.on(calibration);
    Layerwise best = Refit.on(calibration, balanced).titled("Covariance-balanced + refit");
    trainedThenPruned(WHOLE, plan(epochs), List.of(last, best), true);
    during(CUBIC, plan(epochs).with(Schedule.cubic(last, ratio)));
    small(SMALL, epochs);
    during("Early by LAST", plan(epochs).with(Schedule.early(last, ratio)));
    during(CUBIC_BALANCED, plan(epochs).with(cubicBalanced(balanced)));
    trainedThenPruned(
        "Hankel penalty", plan(epochs).with(Penalty.hankel(1e-4)), List.of(last, best), false);
    small(SMALL + EQUAL_TIME, epochsWithin(1, SMALL));
    during(CUBIC + EQUAL_TIME, plan(epochsWithin(1, CUBIC)).with(Schedule.cubic(last, ratio)));
    during(
        CUBIC_BALANCED + EQUAL_TIME,
        plan(epochsWithin(1, CUBIC_BALANCED)).with(cubicBalanced(balanced)));
    // The ramps take about as long with all epochs.
    trainedThenPruned(
        WHOLE + SHORT_TIME, plan(epochsWithin(SHORT, WHOLE)), List.of(last, best), true);
    small(SMALL + SHORT_TIME, epochsWithin(SHORT, SMALL));
    during("Iterative by LAST", plan(epochs).with(Schedule.iterative(last, ratio)));
    during(
        "By tolerance with LAST",
        plan(epochs).with(Schedule.within(last, Tolerance.accuracy(0.01, validation.take(500)))));
    trainedThenPruned(
        "Radius penalty", plan(epochs).with(Penalty.radius(1e-3)), List.of(last, best), false);
  }

  /** Fewer cuts than by LAST, each of which takes as long as some steps. */
  private Schedule cubicBalanced(Pruning balanced) {
    return Schedule.cubic(balanced, ratio, 4, 0.1, 0.5);
  }

  private Plan plan(int passes) {
    return Plan.of(recipe(passes));
  }

  /** The rates of the preset's own recipe. */
  private Recipe recipe(int passes) {
    return Recipe.epochs(passes).seed(seed);
  }

  /** How many epochs of a method fit into a share of the whole model's processor time. */
  private int epochsWithin(double share, String method) throws IOException {
    double whole = Double.parseDouble(row(WHOLE).get(rows.column("cpu seconds")));
    double each = Double.parseDouble(row(method).get(rows.column("cpu seconds"))) / epochs;
    return (int) Math.max(1, Math.floor(share * whole / each + 1e-9));
  }

  private List<String> row(String method) throws IOException {
    return rows.rows().stream().filter(row -> isOf(row, method)).findFirst().orElseThrow();
  }

  private boolean has(String method) throws IOException {
    return rows.rows().stream().anyMatch(row -> isOf(row, method));
  }

  private boolean isOf(List<String> row, String method) {
    return row.get(rows.column("method")).equals(method)
        && row.get(rows.column("seed")).equals(Long.toString(seed))
        && row.get(rows.column("samples")).equals(Integer.toString(train.size()))
        && row.get(rows.column("epochs")).equals(Integer.toString(epochs));
  }

  /** Trains the whole model, and prunes it in one shot by each method. */
  private void trainedThenPruned(
      String method, Plan plan, List<Layerwise> prunings, boolean fineTuned) throws IOException {
    String end = method + " | " + prunings.get(prunings.size() - 1).title();
    if (has(fineTuned ? end + " | systems fine-tuned" : end)) {
      return;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      Bill bill = trained(method, plan, manager, preset.config());
      SequenceClassifier whole = bill.outcome.model();
      for (Pruning pruning : prunings) {
        String name = method + " | " + pruning.title();
        double start = seconds();
        double cpu = processor();
        SequenceClassifier smaller = pruning.prune(whole, ratio);
        Bill pruned = bill.and(seconds() - start, processor() - cpu, 0);
        add(name, smaller, pruned);
        if (fineTuned) {
          for (Learned learned : Learned.values()) {
            try (SequenceClassifier tuned = copy(smaller)) {
              add(
                  name + (learned == Learned.ALL ? " | fine-tuned" : " | systems fine-tuned"),
                  tuned,
                  fineTuned(tuned, learned, pruned));
            }
          }
        }
        smaller.close();
      }
    }
  }

  private static SequenceClassifier copy(SequenceClassifier model) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return SequenceClassifier.of(
          model.manager().getParentManager(), model.config(), model.parametersByName(scratch));
    }
  }

  /** One more epoch at a quarter of the rates, which fall to zero from there. */
  private Bill fineTuned(SequenceClassifier model, Learned learned, Bill before) {
    Recipe recipe = Recipe.epochs(1).rates(0.002, 0.0005).seed(seed);
    double start = seconds();
    double cpu = processor();
    Outcome outcome =
        Plan.of(recipe).only(learned).run(model, train, validation, new Training.Listener() {});
    double products = outcome.multiplications(model.config(), train);
    return before.and(seconds() - start, processor() - cpu, products);
  }

  private void during(String method, Plan plan) throws IOException {
    train(method, plan, preset.config());
  }

  /** As many states as pruning leaves, spread evenly. */
  private void small(String method, int passes) throws IOException {
    List<Integer> whole = preset.config().pairs();
    int all = whole.stream().mapToInt(Integer::intValue).sum();
    int left = (int) Math.floor(all * (1 - ratio) + 1e-9);
    List<Integer> pairs =
        IntStream.range(0, whole.size())
            .mapToObj(l -> left / whole.size() + (l < left % whole.size() ? 1 : 0))
            .toList();
    train(method, plan(passes), preset.config().with(c -> c.pairs(pairs)));
  }

  private void train(String method, Plan plan, ModelConfig config) throws IOException {
    if (has(method)) {
      return;
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      trained(method, plan, manager, config);
    }
  }

  /** Trains and writes down what it came to. */
  private Bill trained(String method, Plan plan, NDManager manager, ModelConfig config)
      throws IOException {
    SequenceClassifier model = SequenceClassifier.create(manager, config, seed);
    List<Double> cpu = new ArrayList<>(List.of(processor()));
    double start = seconds();
    Outcome outcome =
        plan.run(
            model, train, validation, Training.Listener.ofEpochs(epoch -> cpu.add(processor())));
    double took = seconds() - start;
    boolean known = course.rows().stream().anyMatch(row -> isOf(row, method));
    for (Epoch epoch : known ? List.<Epoch>of() : outcome.epochs()) {
      course.add(
          preset.title(),
          seed,
          train.size(),
          epochs,
          method,
          epoch.number(),
          outcome.statesAfter(epoch.number()),
          epoch.loss(),
          epoch.validation().accuracy(),
          epoch.seconds(),
          cpu.get(epoch.number()) - cpu.get(epoch.number() - 1));
    }
    double products = outcome.multiplications(config, train);
    int steps = outcome.stepsPerEpoch() * plan.recipe().epochs();
    Bill bill = new Bill(outcome, took, cpu.get(cpu.size() - 1) - cpu.get(0), steps, products);
    add(method, outcome.model(), bill);
    return bill;
  }

  private void add(String method, SequenceClassifier model, Bill bill) throws IOException {
    if (has(method)) {
      return;
    }
    Evaluation evaluation = Evaluation.of(model, test);
    int states = model.config().pairs().stream().mapToInt(Integer::intValue).sum();
    rows.add(
        preset.title(),
        seed,
        train.size(),
        epochs,
        method,
        bill.outcome.states(),
        states,
        evaluation.accuracy(),
        evaluation.loss(),
        bill.seconds,
        bill.cpu,
        bill.steps,
        bill.multiplications);
    System.out.printf(
        Locale.ROOT,
        "%s-%d: %s: %d states, %.1f %%, %.0f s (processor: %.0f s)%n",
        preset.title(),
        seed,
        method,
        states,
        100 * evaluation.accuracy(),
        bill.seconds,
        bill.cpu);
  }

  private static double seconds() {
    return System.nanoTime() / 1e9;
  }

  /** Processor time of this process, which does not count what others do meanwhile. */
  private static double processor() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  /**
   * What a model has cost.
   *
   * @param outcome of its first training
   * @param steps optimiser steps
   */
  private record Bill(
      Outcome outcome, double seconds, double cpu, int steps, double multiplications) {
    Bill and(double moreSeconds, double moreCpu, double moreMultiplications) {
      int more = moreMultiplications > 0 ? outcome.stepsPerEpoch() : 0;
      return new Bill(
          outcome,
          seconds + moreSeconds,
          cpu + moreCpu,
          steps + more,
          multiplications + moreMultiplications);
    }
  }
}
