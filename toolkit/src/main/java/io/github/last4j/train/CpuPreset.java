package io.github.last4j.train;

import static io.github.last4j.model.ModelConfig.layers;

import io.github.last4j.data.Task;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Models that two processors without a GPU train in minutes, on data that is here: those under
 * data/models. Each is a family on a task; {@link #note} says what is smaller than in the paper,
 * whose own rows are {@link S5Preset} and {@link S4dPreset}. {@link #SMNIST_S5_FULL} alone took
 * more than is here: {@link #trainedHere}.
 */
public enum CpuPreset {
  /** The paper's architecture. */
  SMNIST_S5(Task.SMNIST, Family.S5, 10),
  /** The paper's architecture and recipe, on nearly all of MNIST: tests/scale, on a GPU. */
  SMNIST_S5_FULL(Task.SMNIST, Family.S5, 150),
  PSMNIST_S5(Task.PSMNIST, Family.S5, 15),
  PSMNIST_S4D(Task.PSMNIST, Family.S4D, 15),
  FASHION_S5(Task.FASHION, Family.S5, 15),
  FASHION_S4D(Task.FASHION, Family.S4D, 15),
  PFASHION_S5(Task.PFASHION, Family.S5, 15),
  PFASHION_S4D(Task.PFASHION, Family.S4D, 15),
  LISTOPS_S5(Task.LISTOPS, Family.S5, 4),
  LISTOPS_S4D(Task.LISTOPS, Family.S4D, 4),
  SMNIST14_S4D(Task.SMNIST14, Family.S4D, 15),
  SMNIST14_S5(Task.SMNIST14, Family.S5, 15),
  /** With the paper's time steps, with which half of the states outlast so short a sequence. */
  SMNIST14_SLOW_S5(Task.SMNIST14, Family.S5, 15),
  REVIEWS_S5(Task.REVIEWS, Family.S5, 12),
  REVIEWS_S4D(Task.REVIEWS, Family.S4D, 12),
  REVIEWHALVES_S5(Task.REVIEW_HALVES, Family.S5, 8),
  IMAGE_S5(Task.IMAGE, Family.S5, 4),
  DRAWNPATHFINDER_S5(Task.DRAWN_PATHFINDER, Family.S5, 4),
  SPEECH10_S5(Task.SPEECH10, Family.S5, 12);

  private static final int LAYERS = 4;
  private static final int PAIRS_A_CHANNEL = 16;

  // A record, whose loader has no state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Task task;

  private final Family family;
  private final int epochs;

  CpuPreset(Task task, Family family, int epochs) {
    this.task = task;
    this.family = family;
    this.epochs = epochs;
  }

  /** The beginning of the names of the checkpoints, such as "smnist-s5". */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What the models read, and what they are, for the title of a figure or a table. */
  public String inWords() {
    String read =
        switch (task.name()) {
          case "smnist" -> "Sequential digits";
          case "smnist14" -> "Digits of 14×14 pixels";
          case "psmnist" -> "Permuted digits";
          case "fashion" -> "Fashion-MNIST";
          case "pfashion" -> "Permuted Fashion-MNIST";
          case "listops" -> "ListOps";
          default -> task.name();
        };
    return switch (this) {
      case SMNIST_S5_FULL -> read + ", S5 of the paper's size";
      case SMNIST14_SLOW_S5 -> read + ", S5 with slow states";
      default -> read + ", " + family;
    };
  }

  /** Whether this toolkit trained the models, on data that is here, and can do so again. */
  public boolean trainedHere() {
    return this != SMNIST_S5_FULL;
  }

  /** What the models learn. */
  public Task task() {
    return task;
  }

  /** The kind of state space system. */
  public Family family() {
    return family;
  }

  /**
   * The preset of a title.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CpuPreset of(String title) {
    return Arrays.stream(values())
        .filter(preset -> preset.title().equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "preset: expected one of %s, got %s",
                        Arrays.stream(values()).map(CpuPreset::title).toList(),
                        title)));
  }

  /** Where the checkpoint of a seed is kept in the data folder. */
  public String checkpoint(long seed) {
    return "models/" + title() + "-" + seed + ".safetensors";
  }

  /** Where the card of that checkpoint is kept in the data folder. */
  public String card(long seed) {
    return "models/" + title() + "-" + seed + ".json";
  }

  /** Where the results of pruning its checkpoints are kept in the data folder. */
  public String results() {
    return "results/" + title() + ".csv";
  }

  /** Where those of the methods that go beyond the paper's are kept. */
  public String beyond() {
    return "results/beyond/" + title() + ".csv";
  }

  /** Where those of the best two of them are kept, by what they are calibrated on. */
  public String calibration() {
    return "results/calibration/" + title() + ".csv";
  }

  /** The architecture. */
  public ModelConfig config() {
    // The first models of ListOps were trained on the padding, too.
    ModelConfig paper = paper().config().with(c -> c.classes(task.classes()).maskPadding(isLong()));
    if (this == SMNIST_S5_FULL) {
      return paper.with(c -> c.clipPoles(true));
    }
    double largest = task.length() < 784 ? 0.3 : 0.1;
    ModelConfig timed =
        this == SMNIST14_SLOW_S5 ? paper : paper.with(c -> c.stepMin(stepMin()).stepMax(largest));
    if (this == SMNIST_S5) {
      return timed;
    }
    ModelConfig small = timed.with(c -> c.channels(channels()).blocks(1));
    return switch (family) {
      case S5 -> small.with(c -> c.pairs(layers(LAYERS, pairs())).clipPoles(true));
      case S4D ->
          small.with(
              c ->
                  c.family(family)
                      .pairs(layers(LAYERS, channels() * PAIRS_A_CHANNEL))
                      .activation(Activation.FULL_GLU));
    };
  }

  /** 2/L in two digits: a pole with real part -1/2 then has a time constant of about L at most. */
  private double stepMin() {
    MathContext twoDigits = new MathContext(2, RoundingMode.DOWN);
    return BigDecimal.valueOf(2.0 / task.length()).round(twoDigits).doubleValue();
  }

  /** The paper's of the task; permuted digits are read by what reads them in order. */
  private S5Preset paper() {
    return Arrays.stream(S5Preset.values())
        .filter(preset -> preset != S5Preset.PSMNIST)
        .filter(preset -> task.paper().equals(Optional.of(preset.title())))
        .findFirst()
        .orElse(S5Preset.SMNIST);
  }

  /** The paper's task whose rates its S5 learns at here, too. */
  private S5Preset rates() {
    return isLong() ? S5Preset.TEXT : S5Preset.SMNIST;
  }

  /**
   * The recipe, with a seed: the rates of the paper's S5 for sMNIST, in long sequences for Text. Of
   * {@link #SMNIST_S5_FULL} some models have fewer epochs, as their cards and the note say.
   */
  public Recipe recipe(long seed) {
    Recipe paper = rates().recipe(seed);
    Recipe recipe =
        Recipe.epochs(epochs)
            .rates(paper.learningRate(), paper.ssmLearningRate())
            .decay(paper.weightDecay())
            .seed(seed);
    // Long sequences are few, and take memory: smaller batches are more steps.
    return isLong() ? recipe.batch(task.equals(Task.SPEECH10) ? 4 : 16) : recipe;
  }

  private boolean isLong() {
    return task.length() > 784;
  }

  private int channels() {
    return task.equals(Task.SPEECH10) ? 32 : 64;
  }

  private int pairs() {
    return isLong() ? 32 : 64;
  }

  /** What is smaller than in the paper, or otherwise not as there, and why. */
  public String note() {
    if (this == SMNIST_S5_FULL) {
      return "The paper's sMNIST model with the paper's recipe (Table 4). Trained in JAX by"
          + " tests/scale, on one H100 GPU, on 58,000 of 60,000 digits: all but the 2,000"
          + " that are the validation and test data here. Seed 0 had the paper's 150 epochs;"
          + " seed 1 had 124, as many as fitted into its minutes, with rates that fall to"
          + " zero over these. Of MNIST's own 10,000 test digits they read 99.54 and 99.62 %"
          + " right. Products of the training were in TF32, those of the recurrence in"
          + " float32. The time steps are the paper's, 0.001 to 0.1. Real parts of poles"
          + " count as at most -1e-4, as with clip_eigs in the S5 release.";
    }
    String architecture =
        this == SMNIST_S5
            ? "The paper's sMNIST model"
            : String.format(
                Locale.ROOT,
                "%d layers of %d channels with %s, like the paper's S5 for %s otherwise",
                LAYERS,
                channels(),
                family == Family.S4D ? PAIRS_A_CHANNEL + " pairs each" : pairs() + " pairs",
                paper().title());
    String steps =
        this == SMNIST14_SLOW_S5
            ? "The time steps are the paper's, 0.001 to 0.1, with which half of the states at"
                + " initialisation outlast the sequence, and infinite-time norms overrate them."
            : String.format(
                Locale.ROOT,
                "The smallest time step is about 2/L, %s, and not the paper's 0.001: with the real"
                    + " parts -1/2 of the initialisation no more than about 37 %% of a state is"
                    + " then left at the end of the sequence, and its H∞ norm, which assumes"
                    + " infinite time, is some 1.6 times what it sums there, or less. Training may"
                    + " make states slower.",
                stepMin());
    String poles =
        config().clipPoles()
            ? " Real parts of poles count as at most -1e-4, as with clip_eigs in the S5 release:"
                + " without it, more than half of these models ended with unstable states."
            : "";
    return String.format(
        Locale.ROOT,
        "%s. The rates of the paper's S5 for %s, for %d epochs. Trained on %s. %s%s",
        architecture,
        rates().title(),
        epochs,
        task.smaller(),
        steps,
        poles);
  }
}
