package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What is said of files that are not as their format has them. */
final class BadFile {
  private BadFile() {}

  /** Names the file, what was expected of it and what came. */
  static IOException of(Path file, String expected, Object got) {
    return of(file, expected, got, null);
  }

  static IOException of(Path file, String expected, Object got, Exception cause) {
    return new IOException(file + ": expected " + expected + ", got " + got, cause);
  }

  /** Names a file that is not there, and why it is needed. */
  static NoSuchFileException missing(Path file, String why) {
    return new NoSuchFileException(file.toString(), null, why);
  }
}
