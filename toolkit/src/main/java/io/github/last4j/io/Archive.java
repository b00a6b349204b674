package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A zip archive, of which no more is unpacked than weights can have been packed. */
final class Archive implements AutoCloseable {
  private static final int MOST_ENTRIES = 100_000;
  // Weights hardly compress; only an archive made to fill memory unpacks to more than this.
  private static final long RATIO = 100;
  private static final long SLACK = 16L << 20;

  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private long allowed;

  /**
   * Opens a file.
   *
   * @throws IllegalArgumentException if it has an entry twice, or too many
   */
  Archive(Path file) throws IOException {
    allowed = Math.min(RATIO * Files.size(file) + SLACK, Integer.MAX_VALUE - 16);
    zip = new ZipFile(file.toFile());
    try {
      require(zip.size() <= MOST_ENTRIES, "expected at most %d entries", MOST_ENTRIES);
      zip.stream().filter(entry -> !entry.isDirectory()).forEach(this::add);
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private void add(ZipEntry entry) {
    ZipEntry other = entries.put(entry.getName(), entry);
    require(other == null, "%s: expected it once, got it again", entry.getName());
  }

  /** The names of all files in it, in their order. */
  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * Unpacks a file.
   *
   * @throws IllegalArgumentException if it is not there, larger than may be or damaged
   */
  byte[] content(String name) throws IOException {
    ZipEntry entry = entries.get(name);
    require(entry != null, "expected the entry %s, got none", name);
    long size = entry.getSize();
    require(
        size >= 0 && size <= allowed, "%s: expected at most %d bytes, got %d", name, allowed, size);
    try (InputStream in = zip.getInputStream(entry)) {
      // Reserves memory as the bytes come, and not as many as the entry claims.
      byte[] content = in.readNBytes((int) size);
      boolean all = content.length == size && in.read() < 0;
      require(all, "%s: expected %d bytes, got other", name, size);
      CRC32 sum = new CRC32();
      sum.update(content);
      require(sum.getValue() == entry.getCrc(), "%s: expected the checksum of its bytes", name);
      allowed -= size;
      return content;
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
