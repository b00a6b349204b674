package io.github.last4j.model;

import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The architecture of a sequence classifier: everything but its parameters.
 *
 * <p>The last seven components have defaults, which stand for a null: those of S5, since
 * configurations from before there was S4D do not name them.
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
 */
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
    Pooling pooling) {

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
    if (activation == null || discretization == null) {
      throw new IllegalArgumentException(
          "activation, discretization: expected one of each, got "
              + activation
              + " and "
              + discretization);
    }
    if (pairs == null || pairs.isEmpty()) {
      throw new IllegalArgumentException("pairs: expected at least one layer, got " + pairs);
    }
    pairs.forEach(n -> requirePositive("pairs", n == null ? 0 : n));
    pairs = List.copyOf(pairs);
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout: expected a number in [0, 1), got " + dropout);
    }
    if (!(stepMin > 0 && stepMax >= stepMin && stepMax < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "stepMin, stepMax: expected 0 < stepMin <= stepMax, got " + stepMin + " and " + stepMax);
    }
    if (!(batchNormMomentum >= 0 && batchNormMomentum < 1)) {
      throw new IllegalArgumentException(
          "batchNormMomentum: expected a number in [0, 1), got " + batchNormMomentum);
    }
    family = family == null ? Family.S5 : family;
    normalization = normalization == null ? Normalization.BATCH : normalization;
    channelPairs = channelPairs == null ? List.of() : channelPairs;
    pooling = pooling == null ? Pooling.MEAN : pooling;
    requireStates(family, channels, pairs, blocks, channelPairs);
    channelPairs = channelPairs.stream().map(List::copyOf).toList();
  }

  private static void requireStates(
      Family family,
      int channels,
      List<Integer> pairs,
      int blocks,
      List<List<Integer>> channelPairs) {
    if (family == Family.S5) {
      if (!channelPairs.isEmpty()) {
        throw new IllegalArgumentException(
            "channelPairs: expected none in S5, whose channels share their states, got "
                + channelPairs.size()
                + " layers");
      }
      return;
    }
    if (blocks != 1) {
      throw new IllegalArgumentException("blocks: expected 1 in S4D, got " + blocks);
    }
    if (!channelPairs.isEmpty() && channelPairs.size() != pairs.size()) {
      throw new IllegalArgumentException(
          "channelPairs: expected " + pairs.size() + " layers, got " + channelPairs.size());
    }
    for (int layer = 0; layer < pairs.size(); layer++) {
      if (channelPairs.isEmpty()) {
        if (pairs.get(layer) % channels != 0) {
          throw new IllegalArgumentException(
              "pairs: expected a multiple of the "
                  + channels
                  + " channels in S4D, got "
                  + pairs.get(layer));
        }
      } else {
        List<Integer> counts = channelPairs.get(layer);
        if (counts == null
            || counts.size() != channels
            || !counts.stream().allMatch(n -> n != null && n >= 0)
            || counts.stream().mapToLong(n -> n).sum() != pairs.get(layer)) {
          throw new IllegalArgumentException(
              String.format(
                  "channelPairs[%d]: expected %d numbers of at least zero with sum %d, got %s",
                  layer, channels, pairs.get(layer), counts));
        }
      }
    }
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected a positive number, got " + value);
    }
  }

  /** The number of layers. */
  public int layers() {
    return pairs.size();
  }

  /** The stored pairs of every channel in a layer of S4D. */
  List<Integer> pairsByChannel(int layer) {
    return channelPairs.isEmpty()
        ? Collections.nCopies(channels, pairs.get(layer) / channels)
        : channelPairs.get(layer);
  }

  /** This configuration with the states that stay only. */
  ModelConfig keep(States states) {
    Builder builder = toBuilder();
    if (family == Family.S5) {
      return builder.pairs(states.counts()).build();
    }
    List<List<Integer>> counts = new ArrayList<>();
    for (int layer = 0; layer < layers(); layer++) {
      List<Integer> after = new ArrayList<>();
      int first = 0;
      for (int before : pairsByChannel(layer)) {
        StateSet kept = states.layer(layer);
        after.add((int) IntStream.range(first, first + before).filter(kept::has).count());
        first += before;
      }
      counts.add(after);
    }
    return builder.channelPairs(counts).build();
  }

  /** The S5 of the paper's sMNIST row (Table 4): 4 layers, h = 96, n = 128, one direction. */
  public static ModelConfig sequentialMnist() {
    return new Builder().build();
  }

  /** A builder that starts from this configuration. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.inputs = inputs;
    builder.tokens = tokens;
    builder.classes = classes;
    builder.channels = channels;
    builder.pairs = pairs;
    builder.blocks = blocks;
    builder.bidirectional = bidirectional;
    builder.activation = activation;
    builder.dropout = dropout;
    builder.discretization = discretization;
    builder.stepMin = stepMin;
    builder.stepMax = stepMax;
    builder.batchNormMomentum = batchNormMomentum;
    builder.family = family;
    builder.normalization = normalization;
    builder.postNorm = postNorm;
    builder.channelPairs = channelPairs;
    builder.documentPairs = documentPairs;
    builder.clipPoles = clipPoles;
    builder.pooling = pooling;
    return builder;
  }

  /** Changes some fields of a configuration; the others are {@link #sequentialMnist()}'s. */
  public static final class Builder {
    private int inputs = 1;
    private boolean tokens;
    private int classes = 10;
    private int channels = 96;
    private List<Integer> pairs = Collections.nCopies(4, 64);
    private int blocks = 1;
    private boolean bidirectional;
    private Activation activation = Activation.HALF_GLU1;
    private double dropout = 0.1;
    private Discretization discretization = Discretization.ZOH;
    private double stepMin = 0.001;
    private double stepMax = 0.1;
    private double batchNormMomentum = 0.95;
    private Family family = Family.S5;
    private Normalization normalization = Normalization.BATCH;
    private boolean postNorm;
    private List<List<Integer>> channelPairs = List.of();
    private boolean documentPairs;
    private boolean clipPoles;
    private Pooling pooling = Pooling.MEAN;

    private Builder() {}

    /** Sets the features of a time step, which are real numbers. */
    public Builder inputs(int value) {
      inputs = value;
      tokens = false;
      return this;
    }

    /** Sets the size of the vocabulary of sequences of integers. */
    public Builder vocabulary(int value) {
      inputs = value;
      tokens = true;
      return this;
    }

    /** Sets the number of classes. */
    public Builder classes(int value) {
      classes = value;
      return this;
    }

    /** Sets the features h between layers. */
    public Builder channels(int value) {
      channels = value;
      return this;
    }

    /** Sets the number of layers and the stored conjugate pairs, the same in each. */
    public Builder layers(int count, int pairsEach) {
      return pairs(Collections.nCopies(Math.max(count, 0), pairsEach));
    }

    /** Sets the stored conjugate pairs of each layer, and by that the number of layers. */
    public Builder pairs(List<Integer> value) {
      pairs = value;
      return this;
    }

    /** Sets the blocks J of the HiPPO initialisation. */
    public Builder blocks(int value) {
      blocks = value;
      return this;
    }

    /** Sets whether a second scan runs backwards. */
    public Builder bidirectional(boolean value) {
      bidirectional = value;
      return this;
    }

    /** Sets what follows the state space system. */
    public Builder activation(Activation value) {
      activation = value;
      return this;
    }

    /** Sets the share of features dropped in training. */
    public Builder dropout(double value) {
      dropout = value;
      return this;
    }

    /** Sets how continuous-time parameters become discrete. */
    public Builder discretization(Discretization value) {
      discretization = value;
      return this;
    }

    /** Sets the range of the initial time steps. */
    public Builder steps(double min, double max) {
      stepMin = min;
      stepMax = max;
      return this;
    }

    /** Sets the share of a running statistic that a training step keeps. */
    public Builder batchNormMomentum(double value) {
      batchNormMomentum = value;
      return this;
    }

    /** Sets the kind of state space system. */
    public Builder family(Family value) {
      family = value;
      return this;
    }

    /** Sets how the features of a layer are normalised. */
    public Builder normalization(Normalization value) {
      normalization = value;
      return this;
    }

    /** Sets whether normalisation comes after the residual sum. */
    public Builder postNorm(boolean value) {
      postNorm = value;
      return this;
    }

    /** Sets the stored pairs of every channel in every layer of S4D, and with them the layers. */
    public Builder channelPairs(List<List<Integer>> value) {
      channelPairs = value;
      pairs =
          value.stream().map(layer -> layer.stream().mapToInt(Integer::intValue).sum()).toList();
      return this;
    }

    /** Sets whether pairs of sequences are classified. */
    public Builder documentPairs(boolean value) {
      documentPairs = value;
      return this;
    }

    /** Sets whether real parts of S5's poles count as at most -1e-4. */
    public Builder clipPoles(boolean value) {
      clipPoles = value;
      return this;
    }

    /** Sets what of a sequence the decoder sees. */
    public Builder pooling(Pooling value) {
      pooling = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public ModelConfig build() {
      return new ModelConfig(
          inputs,
          tokens,
          classes,
          channels,
          pairs,
          blocks,
          bidirectional,
          activation,
          dropout,
          discretization,
          stepMin,
          stepMax,
          batchNormMomentum,
          family,
          normalization,
          postNorm,
          channelPairs,
          documentPairs,
          clipPoles,
          pooling);
    }
  }
}
