package io.github.last4j.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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

  private static final int ZIP = 0x04034b50;

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
    AtomicFile.write(
        file,
        out -> {
          switch (this) {
            case SAFETENSORS -> SafeTensors.write(tensors, out);
            case FLAX -> FlaxMsgpack.write(tensors, out);
            case NPZ -> Npz.write(tensors, out);
          }
        });
  }

  private Tensors parse(Path file, byte[] content) throws IOException {
    return switch (this) {
      case SAFETENSORS -> SafeTensors.parse(content);
      case FLAX -> FlaxMsgpack.parse(content);
      case NPZ -> Npz.parse(file);
    };
  }

  /**
   * Reads a file of any of the formats, told apart by their first bytes. Nothing in a file is ever
   * executed: there are no pickles and no arrays of objects.
   *
   * @param file a file, or a directory that holds one named checkpoint or checkpoint_ with a
   *     number, of which the highest counts, as Flax makes
   * @throws IOException if it can't be read or is not whole, naming the file and what is wrong
   */
  public static Tensors read(Path file) throws IOException {
    Path path = Files.isDirectory(file) ? latest(file) : file;
    // Java's arrays hold no more, and no model here is that large.
    if (Files.size(path) > Integer.MAX_VALUE - 16) {
      throw new IOException(path + ": expected less than 2 GiB, got " + Files.size(path));
    }
    byte[] content = Files.readAllBytes(path);
    FileFormat format = of(content);
    try {
      return format.parse(path, content);
    } catch (IOException | RuntimeException e) {
      // The libraries report what they did not expect by exceptions of many kinds, some of which
      // say nothing: one for an archive that is cut off has its name only.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(path + ": not a whole " + format.label + " file: " + reason, e);
    }
  }

  private static Path latest(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("checkpoint(_\\d{1,18})?"))
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(FileFormat::number))
          .orElseThrow(
              () ->
                  new IOException(
                      folder
                          + ": expected a file checkpoint or checkpoint_ with a number, got none"));
    }
  }

  /** The number of a checkpoint; the one without counts as the last. */
  private static long number(Path file) {
    String number = file.getFileName().toString().replaceAll("\\D", "");
    return number.isEmpty() ? Long.MAX_VALUE : Long.parseLong(number);
  }

  private static FileFormat of(byte[] content) {
    if (content.length >= 4 && Bytes.littleEndian(content).getInt() == ZIP) {
      return NPZ;
    }
    // A safetensors header starts at the ninth byte; as a number the first eight bytes of a Flax
    // tree, a map and the first letters of a name, are longer than any file.
    boolean header = content.length >= 8 && Bytes.littleEndian(content).getInt(4) == 0;
    return header ? SAFETENSORS : FLAX;
  }
}
