package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Pairs of papers of the ACL Anthology Network (Radev et al., 2009), byte by byte, and whether they
 * share citations: the task Retrieval of the Long Range Arena. Read from its files as they are,
 * {@code new_aan_pairs.train.tsv}, {@code .eval.tsv} and {@code .test.tsv}: label, two identifiers,
 * two texts, without a header.
 */
public final class DocumentPairs {
  /** The greatest number of bytes of a document that are read in the paper. */
  public static final int LENGTH = 4000;

  private static final int FIELDS = 5;

  private DocumentPairs() {}

  /**
   * Reads the pairs of a split.
   *
   * @param folder the folder of the three files
   * @param length L, the greatest number of bytes; of longer documents the first ones are read
   * @return tokens {@code (N, 2, L, 1)} of {@link ByteTokens#PRINTABLE} with lengths {@code (N,
   *     2)}, in the order of the file, labels 0 and 1
   * @throws IOException if the file is missing, or a row has not five fields, a label is not 0 or
   *     1, or a text is empty or not UTF-8, naming the file and the row
   */
  public static SequenceData load(Path folder, Split split, int length) throws IOException {
    requireNonNull(folder, "folder");
    requireNonNull(split, "split");
    if (length < 1) {
      throw new IllegalArgumentException("length: expected at least 1, got " + length);
    }
    String part =
        switch (split) {
          case TRAIN -> "train";
          case VALIDATION -> "eval";
          case TEST -> "test";
        };
    Tsv rows = Tsv.open(folder.resolve("new_aan_pairs." + part + ".tsv"));
    return Samples.read(
        HeldOut.name("aan-" + length, split),
        new Samples.Sizes(2, length, 1, 2),
        rows.rows(),
        i -> pair(rows, i, length));
  }

  private static Samples.Sample pair(Tsv rows, int i, int length) throws IOException {
    List<byte[]> row = rows.row(i, FIELDS);
    String where = Tsv.where(i);
    float[] tokens = new float[2 * length];
    int[] lengths = new int[2];
    for (int document = 0; document < 2; document++) {
      byte[] text = Utf8.requireText(row.get(FIELDS - 2 + document), rows.file(), where);
      lengths[document] = ByteTokens.PRINTABLE.write(text, tokens, document * length, length);
    }
    // The labels were written as floats.
    int label =
        switch (new String(row.get(0), StandardCharsets.ISO_8859_1)) {
          case "0", "0.0" -> 0;
          case "1", "1.0" -> 1;
          default ->
              throw BadFile.of(
                  rows.file(),
                  "label 0 or 1" + where,
                  "'" + Utf8.decode(row.get(0), rows.file(), where) + "'");
        };
    return new Samples.Sample(tokens, label, lengths);
  }
}
