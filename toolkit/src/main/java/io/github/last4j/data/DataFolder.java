package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Finds the folder of data that comes with this project, and that of what a user has got. */
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

  /**
   * Returns the folder of public data sets that the user has got ({@link PublicSet}): the one that
   * the system property {@code last4j.public} names; without it, the one that the environment
   * variable {@code LAST4J_PUBLIC} names; without that, {@code public} in {@link #locate()}, which
   * need not exist.
   *
   * @return an absolute path
   * @throws NotDirectoryException if the property or the variable does not name a directory
   * @throws IOException if neither is set and there is no folder of data
   */
  public static Path publicSets() throws IOException {
    Path named = named("last4j.public", "LAST4J_PUBLIC");
    return named != null ? named : locate().resolve("public");
  }

  static Path locate(String property, String variable, Path start) throws IOException {
    Path named = named(property, "last4j.data", variable, "LAST4J_DATA");
    if (named != null) {
      return named;
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

  private static Path named(String propertyName, String variableName) throws IOException {
    return named(
        System.getProperty(propertyName), propertyName, System.getenv(variableName), variableName);
  }

  /** Null if neither is set. */
  private static Path named(
      String property, String propertyName, String variable, String variableName)
      throws IOException {
    if (property == null && variable == null) {
      return null;
    }
    Path folder = Path.of(property != null ? property : variable).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      String source = property != null ? "-D" + propertyName : variableName;
      throw new NotDirectoryException(folder + " (from " + source + ")");
    }
    return folder;
  }
}
