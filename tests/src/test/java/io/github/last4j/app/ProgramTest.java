package io.github.last4j.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What make shows of a program that can't do what it was asked for: one line. */
class ProgramTest {
  @TestFactory
  Stream<DynamicTest> sayWhatStopsThemInOneLine() {
    return Stream.of(
        stopped(() -> Train.run("x"), 2, "preset: expected one of .*, got x"),
        stopped(() -> Train.run("smnist-s5", "x"), 2, "seeds: expected whole numbers, got x"),
        stopped(
            () -> Train.run("smnist-s5-full", "0"),
            2,
            "preset: expected one that this program trains, got smnist-s5-full.*"),
        stopped(
            () -> Train.run("smnist14-s5", "0", "--schedule"),
            2,
            "options: expected each of .*schedule.* at most once, with a value, got --schedule"),
        stopped(
            () -> Train.run("smnist14-s5", "0", "--schedule", "never"),
            2,
            "schedule: expected once, early, iterative, cubic or tolerance, got never"),
        stopped(
            () -> Train.run("smnist14-s5", "0", "--schedule", "cubic", "--method", "x"),
            2,
            "method: expected last or balanced, got x"),
        stopped(
            () -> Train.run("smnist14-s5", "0", "--ratio", "half", "--schedule", "early"),
            2,
            "ratio: expected a number, got half"),
        stopped(() -> Study.run("x"), 2, "preset: expected one of .*, got x"),
        stopped(() -> Study.run("--seeds", "a"), 2, "seeds: expected whole numbers, got a"),
        stopped(() -> Sweep.run("x"), 2, "preset: expected one of .*, got x"),
        stopped(() -> Ledger.run("x"), 2, "arguments: expected none, got \\[x\\]"),
        stopped(
            () -> {
              throw new NoSuchFileException("data/models/x");
            },
            1,
            "NoSuchFileException: data/models/x"),
        stopped(
            () -> {
              throw new UncheckedIOException(new IOException("no space left"));
            },
            1,
            "IOException: no space left"),
        stopped(() -> {}, 0, ""));
  }

  private static DynamicTest stopped(Program program, int status, String message) {
    return dynamicTest(
        status + " " + message,
        () -> {
          ByteArrayOutputStream said = new ByteArrayOutputStream();
          PrintStream errors = new PrintStream(said, true, StandardCharsets.UTF_8);
          assertEquals(status, Program.status(program, errors));
          String line = said.toString(StandardCharsets.UTF_8).stripTrailing();
          assertTrue(line.matches(message), line);
        });
  }
}
