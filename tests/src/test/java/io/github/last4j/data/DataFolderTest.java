package io.github.last4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path temp;

  @Test
  void checksumsMatchAndCoverEveryDataFile() throws Exception {
    Path data = DataFolder.locate();
    List<String> lines = Files.readAllLines(data.resolve("SHA256SUMS"));
    Set<String> named = new TreeSet<>();
    for (String line : lines) {
      String name = line.substring(66);
      byte[] content = Files.readAllBytes(data.resolve(name));
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      assertEquals(line.substring(0, 64), HexFormat.of().formatHex(digest), name);
      named.add(name);
    }

    try (Stream<Path> files = Files.walk(data)) {
      files
          .filter(file -> !file.startsWith(data.resolve("public")))
          .filter(file -> file.toString().endsWith("-ubyte.gz"))
          .map(file -> data.relativize(file).toString().replace('\\', '/'))
          .forEach(name -> assertTrue(named.contains(name), name));
    }
    assertFalse(named.isEmpty());
  }

  @Test
  void thePropertyComesBeforeTheVariableAndBothBeforeTheSearch() throws IOException {
    Path property = Files.createDirectory(temp.resolve("property"));
    Path variable = Files.createDirectory(temp.resolve("variable"));
    Path found = Files.createDirectory(temp.resolve("data"));
    Files.createFile(found.resolve("SHA256SUMS"));
    Path below = Files.createDirectories(temp.resolve("notebooks/labs"));

    assertEquals(property, DataFolder.locate(property.toString(), variable.toString(), below));
    assertEquals(variable, DataFolder.locate(null, variable.toString(), below));
    assertEquals(found, DataFolder.locate(null, null, below));
  }

  @Test
  void foldersThatAreNotThereAreNamed() {
    String missing = temp.resolve("missing").toString();

    NotDirectoryException e =
        assertThrows(NotDirectoryException.class, () -> DataFolder.locate(missing, null, temp));
    assertTrue(e.getMessage().contains(missing) && e.getMessage().contains("last4j.data"));
    e = assertThrows(NotDirectoryException.class, () -> DataFolder.locate(null, missing, temp));
    assertTrue(e.getMessage().contains(missing) && e.getMessage().contains("LAST4J_DATA"));
    IOException none = assertThrows(IOException.class, () -> DataFolder.locate(null, null, temp));
    assertTrue(none.getMessage().contains(temp.toString()), none.getMessage());
  }
}
