package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Finds the folder of data that comes with this project. */
public final class DataFolder {
  private static final String MARK = "SHA256SUMS";

  private DataFolder() {}

  /**
   * Returns the folder that the system property {@code last4j.data} names; without it, the one that
   * the environment variable {@code LAST4J_DATA} names; without that, the first {@code data} folder
   * that holds a {@code SHA256SUMS}, from the working directory upwards.
   *
   * @return an absolute path
   * @throws NotDirectoryException if the property or the variable does not name a directory
   * @throws IOException if neither is set and no folder is found
   */
  public static Path locate() throws IOException {
    return locate(System.getProperty("last4j.data"), System.getenv("LAST4J_DATA"), Path.of(""));
  }

  static Path locate(String property, String variable, Path start) throws IOException {
    String named = property != null ? property : variable;
    if (named != null) {
      Path folder = Path.of(named).toAbsolutePath().normalize();
      if (!Files.isDirectory(folder)) {
        throw new NotDirectoryException(
            folder + " (from " + (property != null ? "-Dlast4j.data" : "LAST4J_DATA") + ")");
      }
      return folder;
    }
    Path first = start.toAbsolutePath().normalize();
    for (Path at = first; at != null; at = at.getParent()) {
      Path folder = at.resolve("data");
      if (Files.isRegularFile(folder.resolve(MARK))) {
        return folder;
      }
    }
    throw new IOException(
        "no data/" + MARK + " in " + first + " or above: set -Dlast4j.data or LAST4J_DATA");
  }
}
