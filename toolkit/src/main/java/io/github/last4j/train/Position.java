package io.github.last4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.last4j.io.Snapshot;
import io.github.last4j.model.SequenceClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a training is at the end of an epoch. With the model and the moments it is all that the
 * rest depends on: the order of samples and what dropout draws follow from the seed and the number
 * of the epoch.
 *
 * @param plan what is trained and how, in words
 * @param states the stored states that it began with
 * @param cuts how many cuts were made
 * @param updates how many updates the moments of every parameter have seen, by name
 * @param epochs the epochs
 * @param removals what the cuts removed
 */
record Position(
    String plan,
    int states,
    int cuts,
    Map<String, Integer> updates,
    List<Epoch> epochs,
    List<Removal> removals) {
  private static final String TEXT = "last4j.training";
  private static final String MEAN = "mean/";
  private static final String SQUARE = "square/";

  /** A position with the model and the moments by the names of its parameters. */
  record State(Position position, SequenceClassifier model, Map<String, Moment> moments) {}

  /** Writes a file, which is whole or not there. */
  void write(SequenceClassifier model, Map<String, Moment> moments, Path file) throws IOException {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    moments.forEach(
        (name, moment) -> {
          arrays.put(MEAN + name, moment.mean());
          arrays.put(SQUARE + name, moment.square());
        });
    new Snapshot(model, arrays, Map.of(TEXT, new Gson().toJson(this))).write(file);
  }

  /**
   * Reads one.
   *
   * @param parent of the model
   * @param owner of the moments
   * @param plan what is expected
   * @throws IllegalArgumentException if it is of another training
   * @throws IOException if it can't be read
   */
  static State read(NDManager parent, NDManager owner, Path file, String plan) throws IOException {
    Snapshot snapshot = Snapshot.read(parent, owner, file);
    try {
      Position position = parse(file, snapshot.texts().get(TEXT));
      if (!position.plan.equals(plan)) {
        throw new IllegalArgumentException(
            "state: the file is of another training: "
                + file
                + ", which has to go before this one can begin; expected "
                + plan
                + ", got "
                + position.plan);
      }
      Map<String, Moment> moments = new LinkedHashMap<>();
      position.updates.forEach(
          (name, count) ->
              moments.put(
                  name,
                  new Moment(
                      there(file, snapshot, MEAN + name),
                      there(file, snapshot, SQUARE + name),
                      count)));
      return new State(position, snapshot.model(), moments);
    } catch (RuntimeException | IOException e) {
      snapshot.model().close();
      throw e;
    }
  }

  private static Position parse(Path file, String json) throws IOException {
    try {
      Position position = json == null ? null : new Gson().fromJson(json, Position.class);
      if (position != null && position.plan != null && position.updates != null) {
        return position;
      }
    } catch (JsonParseException e) {
      throw new IOException(file + ": not the state of a training: " + e.getMessage(), e);
    }
    throw new IOException(file + ": expected the state of a training, got a model only");
  }

  private static NDArray there(Path file, Snapshot snapshot, String name) {
    NDArray array = snapshot.arrays().get(name);
    if (array == null) {
      throw new IllegalArgumentException(file + ": expected " + name + ", got none");
    }
    return array;
  }
}
