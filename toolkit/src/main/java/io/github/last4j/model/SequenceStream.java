package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import io.github.last4j.progress.Interruption;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Sequences that come one time step after another, and after each step what the model says of what
 * it has seen so far: for every sequence the log-probabilities that {@link
 * SequenceClassifier#logProbabilities} has for its prefix. So with {@link Pooling#MEAN} the decoder
 * sees the mean over the steps until now, with {@link Pooling#LAST} the present step.
 *
 * <p>A step costs as much after many steps as after few, and its time is linear in the states that
 * are there (x<sub>k</sub> = λ̄∘x<sub>k-1</sub> + B̄u<sub>k</sub>, Eq. 1). It is plain Java in
 * single precision whatever the dtype of the model, since a call of the engine takes longer than
 * what one step of a layer is; many sequences are shared out among the processors. A stream has
 * copies of the parameters, so that the model may be changed or closed. It is for one thread at a
 * time.
 */
public final class SequenceStream implements AutoCloseable {
  // Some 50 µs of work, five to ten times what it costs to have it done by another thread.
  private static final long WORTH_A_THREAD = 1_000_000;

  private final StepModel model;
  private final int batch;
  private final int[] cuts;
  private List<StepModel.Memory> parts;
  private long steps;

  /**
   * A stream at rest.
   *
   * @throws IllegalArgumentException if the batch is less than one
   */
  SequenceStream(StepModel model, int batch) {
    require(batch > 0, "batch: expected at least one sequence, got %s", batch);
    this.model = model;
    this.batch = batch;
    long threads = Math.max(1, model.multiplications() * batch / WORTH_A_THREAD);
    int count =
        (int) Math.min(threads, Math.min(batch, Runtime.getRuntime().availableProcessors()));
    cuts = IntStream.rangeClosed(0, count).map(i -> (int) ((long) batch * i / count)).toArray();
    parts = IntStream.range(0, count).mapToObj(i -> model.atRest(cuts[i + 1] - cuts[i])).toList();
  }

  /**
   * Requires a model that can answer before the end of a sequence.
   *
   * @throws IllegalArgumentException if it can't
   */
  static void requireCausal(ModelConfig config) {
    require(
        !config.bidirectional(),
        "model: expected one direction of time, got a bidirectional model, whose backward scan"
            + " begins at the last step: before that has come there is nothing that it could say");
    require(
        !config.documentPairs(),
        "model: expected one that classifies single sequences, got one of pairs of documents,"
            + " which it compares when both have ended");
  }

  /** How many sequences there are. */
  public int batch() {
    return batch;
  }

  /** How many steps each of them has taken. */
  public long steps() {
    return steps;
  }

  /**
   * The multiplications of numbers that a step of one sequence takes, those of features alone left
   * out.
   */
  public long multiplications() {
    return model.multiplications();
  }

  /**
   * Takes the next step of every sequence.
   *
   * @param inputs the features of the step, one array (inputs) for each of the sequences
   * @return log-probabilities, shape (batch, classes), of the sequences up to this step
   * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or the model
   *     reads tokens; the stream then stays where it was
   * @throws IllegalStateException if the stream is closed
   */
  public float[][] step(float[]... inputs) {
    int features = model.config().inputs();
    require(!model.config().tokens(), "inputs: expected tokens, got features");
    require(inputs != null, "inputs: expected %s sequences, got null", batch);
    requireSequences("inputs", inputs.length);
    for (float[] each : inputs) {
      require(
          each != null && each.length == features,
          "inputs: expected %s features of each sequence, got %s",
          features,
          each == null ? null : each.length);
      for (int i = 0; i < each.length; i++) {
        require(
            Float.isFinite(each[i]), "inputs: expected finite values, got %s at %s", each[i], i);
      }
    }
    float[][] scores = scores();
    each(i -> parts.get(i).step(part(inputs, i), part(scores, i)));
    return scores;
  }

  /**
   * Takes the next step of every sequence of tokens.
   *
   * @param tokens one for each of the sequences
   * @return as {@link #step(float[][])} does
   * @throws IllegalArgumentException if their number is another, one is not in the vocabulary, or
   *     the model reads features; the stream then stays where it was
   * @throws IllegalStateException if the stream is closed
   */
  public float[][] step(int... tokens) {
    int words = model.config().inputs();
    require(model.config().tokens(), "tokens: expected features, got tokens");
    require(tokens != null, "tokens: expected %s sequences, got null", batch);
    requireSequences("tokens", tokens.length);
    for (int k = 0; k < batch; k++) {
      require(
          tokens[k] >= 0 && tokens[k] < words,
          "tokens: expected integers from 0 to %s, got %s at %s",
          words - 1,
          tokens[k],
          k);
    }
    float[][] scores = scores();
    each(i -> parts.get(i).step(Arrays.copyOfRange(tokens, cuts[i], cuts[i + 1]), part(scores, i)));
    return scores;
  }

  private void requireSequences(String name, int count) {
    require(count == batch, "%s: expected %s sequences, got %s", name, batch, count);
  }

  private float[][] scores() {
    return new float[batch][model.config().classes()];
  }

  /** The sequences of one part. */
  private float[][] part(float[][] all, int i) {
    return parts.size() == 1 ? all : Arrays.copyOfRange(all, cuts[i], cuts[i + 1]);
  }

  private void each(IntConsumer step) {
    if (parts.isEmpty()) {
      throw new IllegalStateException("stream: expected an open one, got one that was closed");
    }
    // Before the step only: all sequences have taken equally many.
    Interruption.check("the stream");
    if (parts.size() == 1) {
      step.accept(0);
    } else {
      IntStream.range(0, parts.size()).parallel().forEach(step);
    }
    steps++;
  }

  /** Frees the states; a step after it is refused. */
  @Override
  public void close() {
    parts = List.of();
  }
}
