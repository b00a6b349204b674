package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes as flax and numpy write them, and bytes that something damaged. */
class FormatsTest {
  private static final String NUMBER = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";

  @TempDir Path folder;

  private Tensors read(byte[] content) throws IOException {
    Path file = folder.resolve("file");
    Files.write(file, content);
    return FileFormat.read(file);
  }

  private void refused(byte[] content, String message) {
    IOException refused = assertThrows(IOException.class, () -> read(content));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  /** Latin-1, in which every character is a byte. */
  private static byte[] bytes(String... parts) {
    return String.join("", parts).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** What flax.serialization.msgpack_serialize writes for a dictionary of every kind of leaf. */
  @Test
  void flax() throws IOException {
    Tensors tensors =
        read(
            bytes(
                "\u0085",
                "\u00a1a\u00c7\u0015\u0001\u0093\u0091\u0002\u00a7float32\u00c4\u0008",
                "\0\0\u0080?\0\0\0@",
                "\u00a1b\u00d8\u0003\u0093\u0090\u00a7float32\u00c4\u0004\0\0@@",
                "\u00a1c\u00c7\u0013\u0002\u0092\u00cb\0\0\0\0\0\0\0\0\u00cb?\u00f0\0\0\0\0\0\0",
                "\u00a1d\u0081\u00a1e\u00c7\u0012\u0001\u0093\u0091\u0002\u00a8bfloat16\u00c4\u0004",
                "\u0080?\u00c0\u00bf",
                "\u00a1e\u00c0"));
    assertEquals(List.of("a", "b", "c", "d/e"), List.copyOf(tensors.arrays().keySet()));
    assertArrayEquals(new double[] {1, 2}, tensors.arrays().get("a").toDoubles());
    assertArrayEquals(new double[] {3}, tensors.arrays().get("b").toDoubles());
    assertArrayEquals(new double[] {0, 1}, tensors.arrays().get("c").toDoubles());
    assertArrayEquals(new double[] {1, -1.5}, tensors.arrays().get("d/e").toDoubles());
  }

  @Test
  void unknownNumbersOfFlaxStayUnread() throws IOException {
    String eight = "\u00c7\u0014\u0001\u0093\u0091\u0001\u00adfloat8_e4m3fn\u00c4\u0001@";
    Tensors tensors = read(bytes("\u0083\u00a1a\u0001\u00a1b" + eight + "\u00a1c\u00d4\u0007x"));
    assertEquals(List.of("a"), List.copyOf(tensors.arrays().keySet()));
    assertEquals(
        Map.of("b", "numbers of type float8_e4m3fn", "c", "an extension of type 7"),
        tensors.unread());
  }

  @Test
  void chunks() throws IOException {
    String chunk = "\u00c7\r\u0001\u0093\u0091\u0002\u00a5uint8\u00c4\u0002";
    Tensors tensors =
        read(
            bytes(
                "\u0081\u00a1x\u0083\u00b9__msgpack_chunked_array__\u00c3",
                "\u00a5shape\u0082\u00a10\u0002\u00a11\u0002",
                "\u00a6chunks\u0082\u00a10"
                    + chunk
                    + "\u0001\u0002\u00a11"
                    + chunk
                    + "\u0003\u0004"));
    assertEquals(List.of("x"), List.copyOf(tensors.arrays().keySet()));
    assertEquals("uint8(2, 2)", tensors.arrays().get("x").toString());
    assertArrayEquals(new double[] {1, 2, 3, 4}, tensors.arrays().get("x").toDoubles());
  }

  @Test
  void hostileFlax() {
    refused(bytes("\u00df\u007f\u00ff\u00ff\u00ff"), "bytes that are left");
    refused(bytes("\u0081\u00a1x\u00c6\u007f\u00ff\u00ff\u00ff"), "x: expected at most");
    refused(bytes("\u0081\u00a1x\u00c9\u007f\u00ff\u00ff\u00ff\u0001"), "x: expected at most");
    refused(bytes("\u0081\u00db\u007f\u00ff\u00ff\u00ff"), "bytes that are left");
    refused(bytes("\u0081\u00a1x".repeat(100_000)), "levels");
    refused(bytes("\u0081\u00a1x" + "\u0091".repeat(100_000)), "levels");
    String shape = "\u0092\u00ce\u007f\u00ff\u00ff\u00ff\u00ce\u007f\u00ff\u00ff\u00ff";
    refused(bytes("\u0081\u00a1x\u00c7\u0014\u0001\u0093" + shape + "\u00a5uint8\u00c4\0"), "x: ");
    // Python pickles.
    refused(bytes("\u0080\u0004\u0095\u0001\0\0\0\0\0\0\0."), "expected");
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] npy(int version, String header, String numbers) {
    String line = header + "\n";
    String length = "" + (char) line.length() + "\0" + (version > 1 ? "\0\0" : "");
    return bytes("\u0093NUMPY" + (char) version + "\0" + length + line + numbers);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void numpyInBothOrders(int version) throws IOException {
    for (String order : List.of("False", "True")) {
      String header = "{'descr': '|i1', 'fortran_order': " + order + ", 'shape': (2, 3), }";
      Map<String, byte[]> entry =
          Map.of("a/b.npy", npy(version, header, "\u0001\u0002\u0003\u0004\u0005\u0006"));
      double[] expected =
          order.equals("True") ? new double[] {1, 3, 5, 2, 4, 6} : new double[] {1, 2, 3, 4, 5, 6};
      assertArrayEquals(expected, read(zip(entry)).arrays().get("a/b").toDoubles());
    }
  }

  /** What is no array of numbers stays unread, with the reason, and the rest is read. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'|O'; (1,); expected numbers such as <f4, got |O",
        "'<U5'; (3,); expected numbers such as <f4, got <U5",
        "'|V1'; (1,); expected numbers such as <f4, got |V1",
        "'<f4'; (1000000000000, 1000000000000); memory",
        "'<f4'; (2,); expected 8 bytes",
        "'<f4'; (-1,); expected descr",
        "'<f4'; __import__('os'); expected descr",
        "[('a', '<f4')]; (1,); expected descr",
      })
  void hostileNumpy(String descr, String shape, String message) throws IOException {
    // The delimiter's parser takes the quotes away.
    String type = descr.startsWith("[") ? descr : "'" + descr.replace("'", "") + "'";
    String header = "{'descr': " + type + ", 'fortran_order': False, 'shape': " + shape + ", }";
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.npy", npy(1, header, "\0\0\u0080?"));
    entries.put("b.npy", npy(1, NUMBER, "\0\0\u0080?"));
    Tensors read = read(zip(entries));
    assertEquals(List.of("a"), List.copyOf(read.unread().keySet()));
    assertTrue(read.unread().get("a").contains(message), read.unread().get("a"));
    assertEquals(List.of("b"), List.copyOf(read.arrays().keySet()));
  }

  /** Numbers in the order of other machines, and bfloat16, which numpy has no name for. */
  @ParameterizedTest
  @CsvSource({">f4, 3f800000, 1", ">i2, 0102, 258", "|V2, 803f, 1"})
  void otherNumbersOfNumpy(String descr, String hex, double expected) throws IOException {
    String numbers = new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,), }";
    Tensors read = read(zip(Map.of("a.npy", npy(1, header, numbers))));
    assertArrayEquals(new double[] {expected}, read.arrays().get("a").toDoubles());
  }

  @Test
  void archivesOfOtherThings() throws IOException {
    Tensors read = read(zip(Map.of("notes.txt", bytes("text"))));
    assertEquals(List.of("notes.txt"), List.copyOf(read.unread().keySet()));
    // A gigabyte of zeros in a megabyte, though only as large as allowed here to stay quick.
    refused(zip(Map.of("a.npy", new byte[64 << 20])), "expected at most");
  }

  private static Tensors sample() {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    arrays.put("params/a/kernel", Tensor.of(Tensor.Type.FLOAT32, new long[] {2, 3}, new byte[24]));
    arrays.put("params/a/bias", Tensor.of(Tensor.Type.FLOAT64, new long[] {3}, new byte[24]));
    arrays.put("params/b", Tensor.of(Tensor.Type.INT16, new long[] {1, 1, 2}, new byte[4]));
    return new Tensors(arrays, Map.of("text", "λ and more"));
  }

  /** Bits, lengths and whole stretches: what is not refused has the shapes that it claims. */
  @ParameterizedTest
  @EnumSource(FileFormat.class)
  @Timeout(120)
  void damaged(FileFormat format) throws IOException {
    Path file = folder.resolve("whole");
    format.write(sample(), file);
    byte[] whole = Files.readAllBytes(file);
    assertEquals(sample().arrays().keySet(), FileFormat.read(file).arrays().keySet());
    Random random = new Random(format.name().hashCode());
    int trials = 3400;
    int refused = 0;
    for (int trial = 0; trial < trials; trial++) {
      byte[] content = Damage.of(whole, random);
      try {
        for (Tensor tensor : read(content).arrays().values()) {
          int parts = tensor.type().complex() ? 2 : 1;
          assertEquals(parts * tensor.shape().size(), tensor.toDoubles().length);
        }
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("file"), e.getMessage());
        refused++;
      } catch (Throwable e) {
        throw new AssertionError("trial " + trial + " of " + format + ": " + e, e);
      }
    }
    assertTrue(refused > trials / 4, "refused " + refused);
  }
}
