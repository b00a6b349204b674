package io.github.last4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tech.tablesaw.api.Table;

class TaskTest {
  static Stream<Task> tasks() {
    return Task.ALL.stream();
  }

  @Test
  void everyTaskIsListedByANameOfItsOwn() throws IllegalAccessException {
    List<Task> constants = new ArrayList<>();
    for (var field : Task.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == Task.class) {
        constants.add((Task) field.get(null));
      }
    }
    assertEquals(new HashSet<>(constants), new HashSet<>(Task.ALL));
    for (Task task : Task.ALL) {
      assertEquals(task, Task.of(task.name()));
    }
  }

  @Test
  void anUnknownNameIsToldTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Task.of("mnist")).getMessage();
    for (Task task : Task.ALL) {
      assertTrue(message.contains(task.name()), message);
    }
  }

  /** Public data may be missing, which then says how to get them. */
  @ParameterizedTest
  @MethodSource("tasks")
  void theDataAreAsTheTaskSays(Task task) throws IOException {
    SequenceData validation;
    SequenceData test;
    try {
      validation = task.data(Split.VALIDATION);
      test = task.data(Split.TEST);
    } catch (NoSuchFileException e) {
      String message = e.getMessage();
      assertTrue(message.contains(DataFolder.publicSets().toString()), message);
      assertTrue(message.endsWith("; see data/README.md"), message);
      return;
    }
    for (SequenceData data : List.of(validation, test)) {
      assertEquals(task.classes(), data.classes());
      assertEquals(task.length(), data.length());
    }
    assertTrue(validation.name().endsWith("/validation"), validation.name());
    assertTrue(test.name().endsWith("/test"), test.name());
  }

  @Test
  void thePapersNamesAreTheOnesInItsTables() throws IOException {
    String table = DataFolder.locate().resolve("paper/table4.csv").toString();
    Set<String> published = new HashSet<>(Table.read().csv(table).stringColumn("task").asList());
    assertTrue(published.containsAll(Task.ALL.stream().flatMap(t -> t.paper().stream()).toList()));
  }

  @Test
  void aTaskOfOnesOwnIsOneRecord() throws IOException {
    SequenceData data = SequenceData.of("two", "", 1, 1, 2, new float[] {1, 2}, new int[] {0, 1});
    Task task = new Task("two", Optional.empty(), 2, 1, "two numbers", split -> data);
    assertEquals(data, task.data(Split.TRAIN));
  }
}
