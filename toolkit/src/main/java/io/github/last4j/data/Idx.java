package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The content of an IDX file of unsigned bytes, the format of MNIST and its relatives.
 *
 * @param dims the sizes of the axes, each positive
 * @param bytes the elements in C order, read-only; their number is the product of {@code dims}
 */
public record Idx(List<Integer> dims, ByteBuffer bytes) {
  private static final int UNSIGNED_BYTES = 0x0800;

  /**
   * Copies the dims and takes a read-only view of the bytes.
   *
   * @param dims the sizes of the axes
   * @param bytes the elements, from the buffer's position to its limit
   * @throws IllegalArgumentException if a dim is not positive, or their product is not the number
   *     of bytes
   */
  public Idx {
    if (dims == null || bytes == null || dims.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException(
          "dims, bytes: expected sizes and bytes, got " + dims + " and " + bytes);
    }
    dims = List.copyOf(dims);
    if (bytes.remaining() != elements(dims)) {
      throw new IllegalArgumentException(
          "bytes: expected as many as dims " + dims + " say, got " + bytes.remaining());
    }
    bytes = bytes.slice().asReadOnlyBuffer();
  }

  /**
   * Returns the elements.
   *
   * @return a read-only buffer with a position of its own
   */
  @Override
  public ByteBuffer bytes() {
    return bytes.asReadOnlyBuffer();
  }

  /**
   * Reads a file, plain or gzipped (its first bytes tell, not its name).
   *
   * @param file the file
   * @param rank the number of axes it must have: 3 for images, 1 for labels
   * @return its content
   * @throws IllegalArgumentException if {@code rank} is not between 1 and 255
   * @throws IOException if there is no such file, it is not IDX of unsigned bytes and this rank, it
   *     is shorter or longer than its header says, its dims are not positive or exceed what the
   *     heap can hold, or the gzip stream is damaged; the message names the file, what was expected
   *     and what came
   */
  public static Idx read(Path file, int rank) throws IOException {
    return read(file, rank, null);
  }

  /** As {@link #read(Path, int)}, and updates a digest (or null) with the content, uncompressed. */
  static Idx read(Path file, int rank, MessageDigest digest) throws IOException {
    requireNonNull(file, "file");
    if (rank < 1 || rank > 255) {
      throw new IllegalArgumentException("rank: expected 1 to 255, got " + rank);
    }
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": expected a file, got a directory");
    }
    try (InputStream stored = new BufferedInputStream(Files.newInputStream(file));
        InputStream plain = isGzip(stored) ? new GZIPInputStream(stored) : stored) {
      return parse(digest == null ? plain : new DigestInputStream(plain, digest), file, rank);
    } catch (ZipException | EOFException e) {
      throw new IOException(file + ": expected a whole gzip stream, got: " + e.getMessage(), e);
    }
  }

  private static boolean isGzip(InputStream in) throws IOException {
    in.mark(2);
    byte[] start = in.readNBytes(2);
    in.reset();
    return start.length == 2 && start[0] == (byte) 0x1f && start[1] == (byte) 0x8b;
  }

  private static Idx parse(InputStream in, Path file, int rank) throws IOException {
    int headerLength = 4 + 4 * rank;
    byte[] header = in.readNBytes(headerLength);
    if (header.length < 4) {
      throw new IOException(
          file + ": expected an IDX header of " + headerLength + " bytes, got " + header.length);
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    int magic = fields.getInt();
    if (magic != (UNSIGNED_BYTES | rank)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected magic 0x%08x (IDX, unsigned bytes, %d axes), got 0x%08x",
              file,
              UNSIGNED_BYTES | rank,
              rank,
              magic));
    }
    if (header.length < headerLength) {
      throw new IOException(
          file + ": expected an IDX header of " + headerLength + " bytes, got " + header.length);
    }
    List<Integer> dims = new ArrayList<>();
    while (fields.hasRemaining()) {
      dims.add(fields.getInt());
    }
    long expected;
    try {
      expected = elements(dims);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    // Reading holds the bytes twice for a moment. A small gzip file can honestly hold gigabytes.
    long room = Math.min(Runtime.getRuntime().maxMemory() / 2, Integer.MAX_VALUE - 8);
    if (expected > room) {
      throw new IOException(
          file + ": expected at most " + room + " bytes (half of the heap), got dims " + dims);
    }
    // readNBytes grows with what arrives, so a header that promises too much costs nothing.
    byte[] content = in.readNBytes((int) expected);
    if (content.length < expected) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s: expected %d bytes after the header (dims %s), got %d",
              file,
              expected,
              dims,
              content.length));
    }
    // Asking for one byte more also makes a gzip stream check its CRC.
    if (in.read() >= 0) {
      throw new IOException(
          file
              + ": expected "
              + expected
              + " bytes after the header (dims "
              + dims
              + "), got more");
    }
    return new Idx(dims, ByteBuffer.wrap(content));
  }

  private static long elements(List<Integer> dims) {
    long product = 1;
    for (int dim : dims) {
      if (dim <= 0) {
        throw new IllegalArgumentException("expected positive dims, got " + dims);
      }
      // Saturates: no file has that many bytes, and a wrapped product could look harmless.
      product = product > Long.MAX_VALUE / dim ? Long.MAX_VALUE : product * dim;
    }
    return product;
  }
}
