package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Parts of lists that come without a split of their own: the last tenths are held out. */
final class HeldOut {
  private HeldOut() {}

  /** Of ten tenths the first eight are for training, then one for validation and one for tests. */
  static <T> List<T> ofAll(List<T> all, Split split, Path from) throws IOException {
    int tenth = tenth(all, from);
    int validation = all.size() - 2 * tenth;
    return switch (split) {
      case TRAIN -> all.subList(0, validation);
      case VALIDATION -> all.subList(validation, validation + tenth);
      case TEST -> all.subList(validation + tenth, all.size());
    };
  }

  /** Of what is published for training, the last tenth is for validation. */
  static <T> List<T> ofTraining(List<T> all, Split split, Path from) throws IOException {
    int kept = all.size() - tenth(all, from);
    return split == Split.TRAIN ? all.subList(0, kept) : all.subList(kept, all.size());
  }

  /** The name of a set with that of its split, such as {@code imdb-4096/test}. */
  static String name(String set, Split split) {
    return set + "/" + split.name().toLowerCase(Locale.ROOT);
  }

  private static int tenth(List<?> all, Path from) throws IOException {
    if (all.size() < 10) {
      throw BadFile.of(from, "at least 10 samples, to hold out a tenth", all.size());
    }
    return all.size() / 10;
  }
}
