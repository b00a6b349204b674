package io.github.last4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The formats of files that hold arrays by name. */
public enum FileFormat {
  /** Safetensors: names as they are, texts as metadata. */
  SAFETENSORS("safetensors"),

  /**
   * What flax.serialization.to_bytes and flax.training.checkpoints write: nested maps, one level
   * for each slash in a name, in msgpack.
   */
  FLAX("Flax msgpack"),

  /** What numpy.savez writes: a zip archive with one .npy for each name; texts are arrays (). */
  NPZ("npz");

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final Pattern STEP =
      Pattern.compile("[-+]?\\d{1,18}(\\.\\d{1,18})?([eE][-+]?\\d{1,3})?");

  private final String label;

  FileFormat(String label) {
    this.label = label;
  }

  /**
   * Writes a file; one that was there before stays until the new one is whole.
   *
   * @throws IllegalArgumentException if the format has no place for a name or a type
   */
  public void write(Tensors tensors, Path file) throws IOException {
    AtomicFile.write(file, out -> write(tensors, out));
  }

  void write(Tensors tensors, OutputStream out) throws IOException {
    switch (this) {
      case SAFETENSORS -> SafeTensors.write(tensors, out);
      case FLAX -> FlaxMsgpack.write(tensors, out);
      case NPZ -> Npz.write(tensors, out);
    }
  }

  /**
   * Reads a file of any of the formats, or a state dict that torch.save wrote, told apart by their
   * first bytes. Nothing in a file is ever executed: of pickles only the dictionaries of tensors
   * are read that torch writes.
   *
   * @param file a file, or a directory that holds one named checkpoint or checkpoint_ with a
   *     number, of which the highest counts, as Flax makes
   * @return what is in it, where arrays of types that are not known here stay unread
   * @throws IOException if it can't be read or is not whole, naming the file and what is wrong; if
   *     it is of a format that is not read, with the Python that converts it
   */
  public static Tensors read(Path file) throws IOException {
    Path path = Files.isDirectory(file) ? latest(file) : file;
    // A pipe would block, and has no size.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException(path + ": expected a file, got a pipe, a device or another folder");
    }
    // Java's arrays hold no more, and no model here is that large.
    if (Files.size(path) > Integer.MAX_VALUE - 16) {
      throw new IOException(path + ": expected less than 2 GiB, got " + Files.size(path));
    }
    if (startsAsZip(path)) {
      return zip(path);
    }
    byte[] content = Files.readAllBytes(path);
    Optional<OtherFormat> other = OtherFormat.of(content);
    if (other.isPresent()) {
      throw other.get().refusal(path, path);
    }
    return isSafetensors(content)
        ? whole(path, SAFETENSORS.label, () -> SafeTensors.parse(content))
        : whole(path, FLAX.label, () -> FlaxMsgpack.parse(content));
  }

  private static Tensors zip(Path path) throws IOException {
    try (Archive archive = whole(path, "zip", () -> new Archive(path))) {
      Optional<String> torch = TorchZip.folder(archive);
      return torch.isPresent()
          ? torch(path, archive, torch.get())
          : whole(path, NPZ.label, () -> Npz.parse(archive));
    }
  }

  private static Tensors torch(Path path, Archive archive, String folder) throws IOException {
    try {
      return whole(path, "torch state dict", () -> TorchZip.parse(archive, folder));
    } catch (IOException e) {
      throw new IOException(e.getMessage() + OtherFormat.PICKLE.way(path), e);
    }
  }

  /** Reads something, or says that it is not what it began as. */
  private static <T> T whole(Path path, String label, Callable<T> content) throws IOException {
    try {
      return content.call();
    } catch (Exception e) {
      // The libraries report what they did not expect by exceptions of many kinds, some of which
      // say nothing: one for an archive that is cut off has its name only.
      throw new IOException(path + ": not a whole " + label + " file: " + Bytes.reason(e), e);
    }
  }

  private static Path latest(Path folder) throws IOException {
    Optional<Path> newest;
    try (Stream<Path> files = Files.list(folder)) {
      newest =
          files
              .filter(file -> number(file).isPresent())
              .max(Comparator.comparing(file -> number(file).orElseThrow()));
    }
    Optional<Path> orbax = OtherFormat.orbax(folder);
    // Orbax, too, had a file named checkpoint, beside folders with the numbers.
    boolean file =
        newest.filter(Files::isRegularFile).isPresent()
            && (orbax.isEmpty() || !newest.get().endsWith("checkpoint"));
    if (file) {
      return newest.get();
    }
    if (orbax.isPresent()) {
      throw OtherFormat.ORBAX.refusal(folder, orbax.get());
    }
    throw new IOException(
        folder + ": expected a file checkpoint or checkpoint_ with a number, got none");
  }

  /** The number of a checkpoint; the one without counts as the last. */
  private static Optional<Double> number(Path file) {
    String name = file.getFileName().toString();
    if (name.equals("checkpoint")) {
      return Optional.of(Double.POSITIVE_INFINITY);
    }
    return name.startsWith("checkpoint_")
        ? step(name.substring("checkpoint_".length()))
        : Optional.empty();
  }

  /** A number as Flax and Orbax have it in names, which need not be whole. */
  static Optional<Double> step(String text) {
    return STEP.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
  }

  private static boolean startsAsZip(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(ZIP.length), ZIP);
    }
  }

  private static boolean isSafetensors(byte[] content) {
    // A safetensors header starts at the ninth byte; as a number the first eight bytes of a Flax
    // tree, a map and the first letters of a name, are longer than any file.
    return content.length >= 8 && Bytes.littleEndian(content).getInt(4) == 0;
  }
}
