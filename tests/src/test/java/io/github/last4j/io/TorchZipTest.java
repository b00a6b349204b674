package io.github.last4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** State dicts of torch are read, and nothing in them is executed. */
class TorchZipTest {
  @TempDir Path folder;

  /** A file that PyTorch 2.2.2 wrote, by tests/interop/make_torch_fixture.py. */
  private static byte[] sample() throws IOException {
    try (InputStream in = TorchZipTest.class.getResourceAsStream("state-dict.pth")) {
      return in.readAllBytes();
    }
  }

  private Tensors read(byte[] content) throws IOException {
    Path file = folder.resolve("file.pth");
    Files.write(file, content);
    return FileFormat.read(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "float64; float64(2); 0 1",
        "float16; float16(2); 0 1",
        "bfloat16; bfloat16(2); 0 1",
        "int64; int64(2); 0 1",
        "int32; int32(2); 0 1",
        "int16; int16(2); 0 1",
        "int8; int8(2); 0 1",
        "uint8; uint8(2); 0 1",
        "bool; bool(2); 0 1",
        "complex64; complex64(2); 0 0 1 0",
        "matrix; float32(3, 4); 0 1 2 3 4 5 6 7 8 9 10 11",
        "transposed; float32(4, 3); 0 4 8 1 5 9 2 6 10 3 7 11",
        "slice; float32(2, 2); 4 6 8 10",
        "number; float32(); 7",
        "parameter; float32(2); 1 1",
      })
  void whatTorchWrites(String name, String type, String numbers) throws IOException {
    Tensor tensor = read(sample()).arrays().get("model." + name);
    assertEquals(type, tensor.toString());
    double[] expected =
        Arrays.stream(numbers.split(" ")).mapToDouble(Double::parseDouble).toArray();
    assertArrayEquals(expected, tensor.toDoubles());
  }

  @Test
  void whatIsNoTensorIsLeftOut() throws IOException {
    Tensors tensors = read(sample());
    assertEquals(16, tensors.arrays().size());
    assertArrayEquals(new double[] {3}, tensors.arrays().get("optimizer.state.0.step").toDoubles());
    assertTrue(tensors.texts().isEmpty() && tensors.unread().isEmpty());
  }

  /** An archive around a pickle, in Latin-1, and one storage of four numbers. */
  private byte[] around(String pickle) throws IOException {
    Path file = folder.resolve("around.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(pickle.getBytes(StandardCharsets.ISO_8859_1));
      zip.putNextEntry(new ZipEntry("archive/data/0"));
      zip.write(new byte[16]);
    }
    return Files.readAllBytes(file);
  }

  /** A dictionary with a tensor "a" of a storage, an offset, sizes and strides. */
  private static String tensor(String storage, String offset, String sizes, String strides) {
    return "\u0080\u0002}X\1\0\0\0actorch._utils\n_rebuild_tensor_v2\n(("
        + "X\7\0\0\0storagectorch\n"
        + storage
        + "\nX\1\0\0\0"
        + "0X\3\0\0\0cpuK\4tQ"
        + offset
        + sizes
        + strides
        + "\u0089}tRs.";
  }

  @Test
  void pickledTensors() throws IOException {
    Tensors tensors = read(around(tensor("FloatStorage", "K\1", "K\2\u0085", "K\2\u0085")));
    assertEquals("float32(2)", tensors.arrays().get("a").toString());
  }

  @Test
  void tensorsBeyondTheirNumbersAreRefused() throws IOException {
    String float32 = "FloatStorage";
    refused(tensor(float32, "K\3", "K\2\u0085", "K\1\u0085"), "indices below 4, got 4");
    refused(tensor(float32, "K\0", "K\5\u0085", "K\0\u0085"), "[5] of 4 numbers");
    refused(tensor(float32, "J\u00ff\u00ff\u00ff\u00ff", "K\2\u0085", "K\1\u0085"), "from -1");
    refused(tensor(float32, "K\0", "K\2\u0085", "J\u00ff\u00ff\u00ff\u00ff\u0085"), "strides");
    // 2^62.
    String huge = "\u008a\10\0\0\0\0\0\0\0\100";
    refused(tensor(float32, "K\0", huge + "\u0085", "K\1\u0085"), "memory");
    refused(tensor(float32, "K\0", "K\2\u0085", huge + "\u0085"), "strides");
    refused(tensor(float32, huge, "K\2\u0085", "K\1\u0085"), "indices below 4");
    refused(tensor(float32, "K\0", "K\2\u0085", ")"), "strides []");
    refused(tensor("UntypedStorage", "K\0", "K\2\u0085", "K\1\u0085"), "torch.UntypedStorage");
  }

  /** Names that Python would import, and call with what is beside them. */
  @ParameterizedTest
  @CsvSource({"os, system", "posix, system", "builtins, eval", "torch.storage, _load_from_bytes"})
  void namesAreNotCalled(String module, String name) throws IOException {
    String call = "(X\4\0\0\0echotR.";
    String named = "got " + module + "." + name + ", which is not called";
    refused("\u0080\u0002c" + module + "\n" + name + "\n" + call, named);
    String stacked =
        "\u008c" + (char) module.length() + module + "\u008c" + (char) name.length() + name;
    refused("\u0080\u0004" + stacked + "\u0093" + call, named);
  }

  @Test
  void hostilePickles() throws IOException {
    refused("\u0080\u0002.", "expected a value");
    refused("\u0080\u0002}", "its end");
    refused("\u0080\u0002]s.", "expected a dictionary");
    refused("\u0080\u0002}Ku", "its end");
    refused("\u0080\u0002}(K\1u.", "pairs");
    refused("\u0080\u0002}(K\1NK\1Nu.", "expected it once");
    refused("\u0080\u0002h\1.", "kept");
    refused("\u0080\u0002X\u00ff\u00ff\u00ff\u007f.", "bytes of text");
    refused("\u0080\u0002K\1.", "dictionary of tensors");
    refused("\u0080\u0002ccollections\nOrderedDict\n]b.", "attributes of dictionaries");
    refused("\u0080\u0002ios.", "code 0x69");
    // A list that contains itself, and one whose elements are lists of the same list, and so on.
    refused("\u0080\u0002}K\1]q\0h\0as.", "levels");
    StringBuilder doubling = new StringBuilder("\u0080\u0002}K\1]q\0000");
    for (char i = 0; i < 40; i++) {
      doubling.append("](h" + i + "h" + i + "eq" + (char) (i + 1) + "0");
    }
    refused(doubling + "h\50s.", "values");
  }

  private void refused(String pickle, String message) throws IOException {
    byte[] content = around(pickle);
    IOException refused = assertThrows(IOException.class, () -> read(content));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertTrue(refused.getMessage().contains("\nsafetensors.torch.save_file("), "says the way out");
  }

  @Test
  @Timeout(60)
  void damaged() throws IOException {
    byte[] whole = sample();
    Random random = new Random(31);
    int refused = 0;
    for (int trial = 0; trial < 2000; trial++) {
      byte[] content = Damage.of(whole, random);
      try {
        for (Tensor tensor : read(content).arrays().values()) {
          int parts = tensor.type().complex() ? 2 : 1;
          assertEquals(parts * tensor.shape().size(), tensor.toDoubles().length);
        }
      } catch (IOException e) {
        refused++;
      } catch (Throwable e) {
        throw new AssertionError("trial " + trial + ": " + e, e);
      }
    }
    assertTrue(refused > 500, "refused " + refused);
  }
}
