package io.github.last4j.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.last4j.data.Checksum;
import io.github.last4j.data.SequenceData;
import io.github.last4j.model.Evaluation;
import io.github.last4j.model.ModelConfig;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is known of a trained checkpoint.
 *
 * @param name the checkpoint's file name without ending
 * @param config the architecture
 * @param recipe how it was trained, with its seed
 * @param trainingData the name of the training data
 * @param trainingSamples how many sequences that is
 * @param dataChecksum SHA-256 of the files that the training data was read from
 * @param note what was chosen, and why
 * @param epochs the course of the training
 * @param test the model on the test data, which nothing was chosen by
 * @param machine processors, memory and Java, in words
 * @param device what the arithmetic ran on
 * @param seconds wall time of the training
 * @param weights SHA-256 of the checkpoint, by which an interrupted training is told, whose new
 *     weights lie beside an old card; older cards have none
 */
public record Card(
    String name,
    ModelConfig config,
    Recipe recipe,
    String trainingData,
    int trainingSamples,
    String dataChecksum,
    String note,
    List<Epoch> epochs,
    Evaluation test,
    String machine,
    String device,
    double seconds,
    String weights) {

  /**
   * The card of a training that just ended.
   *
   * @param checkpoint the bytes of the checkpoint
   */
  public static Card of(
      String name,
      ModelConfig config,
      Recipe recipe,
      SequenceData train,
      String note,
      List<Epoch> epochs,
      Evaluation test,
      Device device,
      byte[] checkpoint) {
    Runtime runtime = Runtime.getRuntime();
    String machine =
        String.format(
            Locale.ROOT,
            "%s, %d processors, Java %s, %s %s",
            System.getProperty("os.arch"),
            runtime.availableProcessors(),
            Runtime.version().feature(),
            Engine.getInstance().getEngineName(),
            Engine.getInstance().getVersion());
    return new Card(
        name,
        config,
        recipe,
        train.name(),
        train.size(),
        train.checksum(),
        note,
        epochs,
        test,
        machine,
        device.toString(),
        epochs.stream().mapToDouble(Epoch::seconds).sum(),
        checksum(checkpoint));
  }

  /** The card as indented JSON. */
  public String toJson() {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(this) + "\n";
  }

  /** Whether the bytes of a checkpoint are those that the card is of, as far as it says. */
  public boolean isOf(byte[] checkpoint) {
    return weights == null || weights.equals(checksum(checkpoint));
  }

  private static String checksum(byte[] content) {
    MessageDigest digest = Checksum.sha256();
    digest.update(content);
    return Checksum.hex(digest);
  }

  /**
   * Reads a card.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Card fromJson(String json) {
    Card card;
    try {
      card = new Gson().fromJson(json, Card.class);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("json: expected a card, got: " + e.getMessage(), e);
    }
    if (card == null || Stream.of(card.name, card.config, card.test).anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          "json: expected a card with name, config and test, got " + card);
    }
    return card;
  }
}
