package io.github.last4j.model;

import io.github.last4j.ssm.Discretization;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The architecture of a sequence classifier: everything but its parameters. One starts from {@link
 * #s5} or {@link #s4d}, and {@link #with} changes it.
 *
 * <p>Components from the family on need not be in a checkpoint, since older ones do not have them:
 * a null stands for S5, batch normalisation, no channelPairs and the mean. A new component comes
 * last, and the constructor makes its default of what stands for nothing: null, false or zero.
 *
 * @param inputs features of a time step; with tokens the size of the vocabulary
 * @param tokens whether a sequence consists of integers that are to be one-hot coded
 * @param classes the number of classes
 * @param channels the features h between layers
 * @param pairs the stored conjugate pairs of every layer, in S4D of all channels together; their
 *     number is the number of layers
 * @param blocks the blocks J of S5's HiPPO initialisation
 * @param bidirectional whether a second scan runs backwards, with an output matrix of its own
 * @param activation what follows the state space system
 * @param dropout the share of features dropped in training, the same over time
 * @param discretization how continuous-time parameters become discrete
 * @param stepMin the smallest initial time step Δ
 * @param stepMax the largest initial time step
 * @param batchNormMomentum the share of a running statistic that a training step keeps
 * @param family the kind of state space system
 * @param normalization how the features of a layer are normalised
 * @param postNorm whether that happens after the residual sum, and not before the system
 * @param channelPairs the stored pairs of every channel in every layer of a pruned S4D; empty where
 *     all channels of a layer have equally many, and in S5
 * @param documentPairs whether what is classified are pairs of sequences, and not single ones
 * @param clipPoles whether real parts of S5's poles count as at most -1e-4, which keeps every state
 *     stable whatever training does ({@code clip_eigs} of the S5 release); S4D's always do
 * @param pooling what of a sequence the decoder sees
 * @param maskPadding whether the padding of sequences with lengths counts for nothing: backward
 *     scans begin at the last step of each sequence, and the statistics of a training batch leave
 *     it out. False, as in the S5 release: backward scans read the padding first, and what a
 *     bidirectional model answers depends on how much there is
 * @param stepRescale a factor on all time steps Δ = stepRescale·exp(log_step), for sequences of
 *     another rate ({@code step_rescale} of the S5 release)
 * @param exactGelu whether the GELU is x·Φ(x) as in PyTorch, and not its tanh form as in JAX
 * @param normEpsilon the ε of the normalisation; zero stands for Flax's, {@link
 *     Normalization#epsilon}
 * @param singleStates whether a checkpoint of S5 has y = Re(Cx), a state for itself ({@code
 *     conj_sym=False} of the release), where the model has 2Re(Cx) and half of that C
 * @param joinedC whether a checkpoint of S5 has one C for both directions, the columns of the
 *     backward one last ({@code C_init=complex_normal} of the release), and not C1 and C2
 */
@RecordBuilder
@RecordBuilder.Options(enableWither = false, enableGetters = false, addStaticBuilder = false)
public record ModelConfig(
    int inputs,
    boolean tokens,
    int classes,
    int channels,
    List<Integer> pairs,
    int blocks,
    boolean bidirectional,
    Activation activation,
    double dropout,
    Discretization discretization,
    double stepMin,
    double stepMax,
    double batchNormMomentum,
    Family family,
    Normalization normalization,
    boolean postNorm,
    List<List<Integer>> channelPairs,
    boolean documentPairs,
    boolean clipPoles,
    Pooling pooling,
    boolean maskPadding,
    double stepRescale,
    boolean exactGelu,
    double normEpsilon,
    boolean singleStates,
    boolean joinedC) {

  private static final int CHANNELS = 96;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException naming the argument, what was expected and what came
   */
  public ModelConfig {
    requirePositive("inputs", inputs);
    requirePositive("classes", classes);
    requirePositive("channels", channels);
    requirePositive("blocks", blocks);
    require(
        activation != null && discretization != null,
        "activation, discretization: expected one of each, got %s and %s",
        activation,
        discretization);
    require(pairs != null && !pairs.isEmpty(), "pairs: expected at least one layer, got %s", pairs);
    pairs.forEach(n -> requirePositive("pairs", n == null ? 0 : n));
    requireShare("dropout", dropout);
    require(
        stepMin > 0 && stepMax >= stepMin && stepMax < Double.POSITIVE_INFINITY,
        "stepMin, stepMax: expected 0 < stepMin <= stepMax, got %s and %s",
        stepMin,
        stepMax);
    requireShare("batchNormMomentum", batchNormMomentum);
    stepRescale = stepRescale == 0 ? 1 : stepRescale;
    require(
        stepRescale > 0 && stepRescale < Double.POSITIVE_INFINITY,
        "stepRescale: expected a positive number, got %s",
        stepRescale);
    require(
        normEpsilon >= 0 && normEpsilon < 1,
        "normEpsilon: expected a number in [0, 1), got %s",
        normEpsilon);
    family = Objects.requireNonNullElse(family, Family.S5);
    normalization = Objects.requireNonNullElse(normalization, Normalization.BATCH);
    channelPairs = Objects.requireNonNullElse(channelPairs, List.of());
    pooling = Objects.requireNonNullElse(pooling, Pooling.MEAN);
    family.requireStates(channels, pairs, blocks, channelPairs);
    pairs = List.copyOf(pairs);
    channelPairs = channelPairs.stream().map(List::copyOf).toList();
  }

  /**
   * An S5 as the paper has it for sMNIST (Table 4): 4 layers, h = 96, n = 128, one direction.
   *
   * @param inputs features of a time step
   * @throws IllegalArgumentException if a number is not positive
   */
  public static ModelConfig s5(int inputs, int classes) {
    return ModelConfigBuilder.builder()
        .inputs(inputs)
        .classes(classes)
        .channels(CHANNELS)
        .pairs(layers(4, 64))
        .blocks(1)
        .activation(Activation.HALF_GLU1)
        .dropout(0.1)
        .discretization(Discretization.ZOH)
        .stepMin(0.001)
        .stepMax(0.1)
        .batchNormMomentum(0.95)
        .maskPadding(true)
        .build();
  }

  /**
   * An S4D of the same size, with what most of the paper's have in common (Table 3): 32 pairs a
   * channel, a full GLU and no dropout.
   *
   * @param inputs features of a time step
   * @throws IllegalArgumentException if a number is not positive
   */
  public static ModelConfig s4d(int inputs, int classes) {
    return s5(inputs, classes)
        .with(
            c ->
                c.family(Family.S4D)
                    .pairs(layers(4, 32 * CHANNELS))
                    .activation(Activation.FULL_GLU)
                    .dropout(0)
                    .batchNormMomentum(0.9));
  }

  /**
   * This configuration with some components changed, such as {@code with(c ->
   * c.channels(48).pairs(layers(3, 32)))}.
   *
   * @throws IllegalArgumentException if what comes out is none
   */
  public ModelConfig with(Consumer<ModelConfigBuilder> change) {
    ModelConfigBuilder builder = ModelConfigBuilder.builder(this);
    change.accept(builder);
    return builder.build();
  }

  /** The pairs of that many layers with equally many each, in S4D of all channels together. */
  public static List<Integer> layers(int count, int pairsEach) {
    return Collections.nCopies(Math.max(count, 0), pairsEach);
  }

  /** The number of layers. */
  public int layers() {
    return pairs.size();
  }

  private static void requirePositive(String name, int value) {
    require(value > 0, "%s: expected a positive number, got %s", name, value);
  }

  private static void requireShare(String name, double value) {
    require(value >= 0 && value < 1, "%s: expected a number in [0, 1), got %s", name, value);
  }

  // The annotation that is asked for would be one more library to depend on.
  @SuppressWarnings("AnnotateFormatMethod")
  static void require(boolean fits, String message, Object... values) {
    if (!fits) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
    }
  }
}
