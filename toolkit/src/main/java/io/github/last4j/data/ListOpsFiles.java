package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * ListOps as the Long Range Arena drew it: {@code basic_train.tsv}, {@code basic_val.tsv} and
 * {@code basic_test.tsv} with the columns Source and Target. The tokens are those of {@link
 * ListOps}; the parentheses that the files group arguments with are none, as everywhere.
 */
public final class ListOpsFiles {
  /** The greatest number of tokens. */
  public static final int LENGTH = 2048;

  private static final int CLASSES = 10;

  private ListOpsFiles() {}

  /**
   * Reads the expressions of a split.
   *
   * @param folder the folder of the three files
   * @return tokens {@code (N, 2048, 1)} with their lengths, in the order of the file, classes 0 to
   *     9
   * @throws IOException if the file is missing or has other columns, or an expression has no or too
   *     many tokens or an unknown one, or a value not from 0 to 9, naming the file and the row
   */
  public static SequenceData load(Path folder, Split split) throws IOException {
    requireNonNull(folder, "folder");
    requireNonNull(split, "split");
    String part =
        switch (split) {
          case TRAIN -> "train";
          case VALIDATION -> "val";
          case TEST -> "test";
        };
    Tsv rows = Tsv.open(folder.resolve("basic_" + part + ".tsv"));
    List<String> header =
        rows.row(0, 2).stream().map(name -> new String(name, StandardCharsets.UTF_8)).toList();
    if (!header.equals(List.of("Source", "Target"))) {
      throw BadFile.of(rows.file(), "columns Source and Target", header);
    }
    if (rows.rows() == 1) {
      throw BadFile.of(rows.file(), "expressions below the header", "none");
    }
    return Samples.read(
        HeldOut.name("listops-lra", split),
        new Samples.Sizes(1, LENGTH, 1, CLASSES),
        rows.rows() - 1,
        i -> expression(rows, i + 1));
  }

  private static Samples.Sample expression(Tsv rows, int i) throws IOException {
    List<byte[]> row = rows.row(i, 2);
    String where = Tsv.where(i);
    String source = Utf8.decode(row.get(0), rows.file(), where);
    List<String> words =
        Arrays.stream(source.split("[\\s()]+", -1)).filter(word -> !word.isEmpty()).toList();
    if (words.isEmpty() || words.size() > LENGTH) {
      throw BadFile.of(rows.file(), "1 to " + LENGTH + " tokens" + where, words.size());
    }
    float[] tokens = new float[LENGTH];
    for (int t = 0; t < words.size(); t++) {
      tokens[t] = ListOps.token(words.get(t));
      if (tokens[t] <= ListOps.PADDING) {
        throw BadFile.of(rows.file(), "digits, operators and ]" + where, "'" + words.get(t) + "'");
      }
    }
    String target = Utf8.decode(row.get(1), rows.file(), where);
    if (!target.matches("[0-9]")) {
      throw BadFile.of(rows.file(), "a value from 0 to 9" + where, "'" + target + "'");
    }
    return new Samples.Sample(tokens, target.charAt(0) - '0', words.size());
  }
}
