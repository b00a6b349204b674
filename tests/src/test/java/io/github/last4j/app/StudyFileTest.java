package io.github.last4j.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFileTest {
  @Test
  void rowsStayAndCutOnesGo(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("made/rows.csv");
    List<String> columns = List.of("name", "value");
    new StudyFile(file, columns).add("a, b", 0.1234567);
    Files.writeString(file, Files.readString(file) + "cut of");
    StudyFile again = new StudyFile(file, columns);
    assertEquals(List.of(List.of("a; b", "0.123457")), again.rows());
    again.add("c", 3);
    assertEquals("name,value\na; b,0.123457\nc,3\n", Files.readString(file));
    assertEquals(1, again.column("value"));
    assertThrows(IllegalArgumentException.class, () -> again.add("d"));
    assertThrows(IOException.class, () -> new StudyFile(file, List.of("other")));
  }
}
