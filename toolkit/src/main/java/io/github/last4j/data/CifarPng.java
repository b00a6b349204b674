package io.github.last4j.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CIFAR-10 as the package of {@code make data} has it: a PNG image for each batch, one picture a
 * row of 1,024 pixels in the order of the binary version, and the labels of all as a JSON array.
 *
 * @param batches the pictures of each batch, of equal number
 * @param labels one a picture
 */
record CifarPng(List<byte[]> batches, List<Integer> labels) implements Cifar10.Pictures {
  private static final int PIXELS = 1024;
  private static final int PICTURE = 3 * PIXELS;

  /** Reads the five images for training, or the one for testing. */
  static CifarPng read(Path folder, boolean train) throws IOException {
    int count = train ? 5 : 1;
    List<Integer> labels = labels(folder.resolve(train ? "train_lables.json" : "test_lables.json"));
    if (labels.size() % count != 0) {
      throw BadFile.of(folder, "labels for " + count + " batches of one size", labels.size());
    }
    int rows = labels.size() / count;
    List<byte[]> batches = new ArrayList<>();
    for (int batch = 1; batch <= count; batch++) {
      Path file = folder.resolve(train ? "data_batch_" + batch + ".png" : "test_batch.png");
      batches.add(Png.read(file, PIXELS, rows, 3));
    }
    return new CifarPng(batches, labels);
  }

  /** The package spells "lables". */
  private static List<Integer> labels(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadFile.missing(file, "expected the labels here");
    }
    List<Integer> labels = new ArrayList<>();
    try {
      for (JsonElement label : JsonParser.parseString(Utf8.read(file)).getAsJsonArray()) {
        labels.add(Cifar10.requireLabel(file, label.getAsInt(), labels.size()));
      }
    } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
      throw BadFile.of(file, "a JSON array of labels", e.getMessage(), e);
    }
    if (labels.isEmpty()) {
      throw BadFile.of(file, "at least one label", "none");
    }
    return labels;
  }

  @Override
  public int size() {
    return labels.size();
  }

  @Override
  public byte[] picture(int i) {
    int rows = labels.size() / batches.size();
    byte[] result = new byte[PICTURE];
    System.arraycopy(batches.get(i / rows), i % rows * PICTURE, result, 0, PICTURE);
    return result;
  }

  @Override
  public int label(int i) {
    return labels.get(i);
  }
}
