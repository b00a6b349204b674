package io.github.last4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The formats of files that hold arrays by name. */
public enum FileFormat {
  /** Safetensors: names as they are, texts as metadata. */
  SAFETENSORS {
    @Override
    Tensors parse(Path file, byte[] content) {
      return SafeTensors.parse(content);
    }

    @Override
    public void write(Tensors tensors, Path file) throws IOException {
      SafeTensors.write(tensors, file);
    }
  },

  /**
   * What flax.serialization.to_bytes and flax.training.checkpoints write: nested maps, one level
   * for each slash in a name, in msgpack.
   */
  FLAX {
    @Override
    Tensors parse(Path file, byte[] content) throws IOException {
      return FlaxMsgpack.parse(content);
    }

    @Override
    public void write(Tensors tensors, Path file) throws IOException {
      FlaxMsgpack.write(tensors, file);
    }
  },

  /** What numpy.savez writes: a zip archive with one .npy for each name; texts are arrays (). */
  NPZ {
    @Override
    Tensors parse(Path file, byte[] content) throws IOException {
      return Npz.parse(file);
    }

    @Override
    public void write(Tensors tensors, Path file) throws IOException {
      Npz.write(tensors, file);
    }
  };

  private static final int ZIP = 0x04034b50;

  abstract Tensors parse(Path file, byte[] content) throws IOException;

  /**
   * Writes a file; one that was there before stays until the new one is whole.
   *
   * @throws IllegalArgumentException if the format has no place for a name or a type
   */
  public abstract void write(Tensors tensors, Path file) throws IOException;

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
    byte[] content;
    try (InputStream in = Files.newInputStream(path)) {
      content = in.readAllBytes();
    }
    FileFormat format = of(content);
    try {
      return format.parse(path, content);
    } catch (IOException | RuntimeException e) {
      // The libraries report what they did not expect by exceptions of many kinds, some of which
      // say nothing: one for an archive that is cut off has its name only.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(path + ": not a whole " + format.label() + " file: " + reason, e);
    }
  }

  private static Path latest(Path folder) throws IOException {
    Path only = folder.resolve("checkpoint");
    if (Files.isRegularFile(only)) {
      return only;
    }
    Path latest = null;
    long last = -1;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "checkpoint_*")) {
      for (Path each : files) {
        String number = each.getFileName().toString().substring("checkpoint_".length());
        boolean numbered = number.matches("\\d{1,18}") && Files.isRegularFile(each);
        if (numbered && Long.parseLong(number) > last) {
          last = Long.parseLong(number);
          latest = each;
        }
      }
    }
    if (latest == null) {
      throw new IOException(
          folder + ": expected a file checkpoint or checkpoint_ with a number, got none");
    }
    return latest;
  }

  private static FileFormat of(byte[] content) {
    if (content.length >= 4 && Bytes.int32(content, 0) == ZIP) {
      return NPZ;
    }
    // A safetensors header starts at the ninth byte; as a number the first eight bytes of a Flax
    // tree, a map and the first letters of a name, are longer than any file.
    boolean header = content.length >= 8 && Bytes.int64(content, 0) >>> 32 == 0;
    return header ? SAFETENSORS : FLAX;
  }

  private String label() {
    return switch (this) {
      case SAFETENSORS -> "safetensors";
      case FLAX -> "Flax msgpack";
      case NPZ -> "npz";
    };
  }
}
