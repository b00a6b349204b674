package io.github.last4j.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The archive of a TorchScript module: a zip, in which nothing is compressed, with the code of its
 * class, a pickle of its attributes, and one file of numbers for each of them.
 */
final class TorchArchive {
  private static final String ROOT = "archive/";
  // That of PyTorch since 1.12; with an earlier one operators are those of before.
  private static final String VERSION = "10\n";

  private TorchArchive() {}

  /**
   * Writes a module.
   *
   * @param type the name of its class, which the code defines
   * @param code TorchScript
   * @param buffers its attributes, all tensors
   * @param extra texts that come with it
   */
  static void write(
      String type,
      String code,
      Map<String, Tensor> buffers,
      Map<String, String> extra,
      OutputStream out)
      throws IOException {
    // Closing the archive would close the stream, which is not ours.
    ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    store(zip, "data.pkl", module(type, buffers));
    store(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
    store(zip, "constants.pkl", new Pickler().emptyTuple().stop());
    int key = 0;
    for (Tensor each : buffers.values()) {
      store(zip, "data/" + key++, each.raw());
    }
    for (Map.Entry<String, String> each : extra.entrySet()) {
      store(zip, "extra/" + each.getKey(), each.getValue().getBytes(StandardCharsets.UTF_8));
    }
    store(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    store(zip, "version", VERSION.getBytes(StandardCharsets.US_ASCII));
    zip.finish();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(content);
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(sum.getValue());
    // The same model gives the same file.
    entry.setTime(315_532_800_000L);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** An object of the class with a state of its attributes. */
  private static byte[] module(String type, Map<String, Tensor> buffers) {
    Pickler pickler = new Pickler().global("__torch__", type).emptyTuple().code(Pickler.NEW_OBJECT);
    pickler.code(Pickler.EMPTY_DICTIONARY).code(Pickler.MARK).text("training").bool(false);
    int key = 0;
    for (Map.Entry<String, Tensor> each : buffers.entrySet()) {
      pickler.text(each.getKey());
      tensor(pickler, String.valueOf(key++), each.getValue());
    }
    return pickler.code(Pickler.SET_ITEMS).code(Pickler.BUILD).stop();
  }

  private static void tensor(Pickler pickler, String key, Tensor tensor) {
    long[] sizes = tensor.sizes();
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= sizes[axis];
    }
    String storage =
        switch (tensor.type()) {
          case FLOAT32 -> "FloatStorage";
          case FLOAT64 -> "DoubleStorage";
          case INT64 -> "LongStorage";
          default -> throw new IllegalArgumentException("tensor: unexpected " + tensor.type());
        };
    pickler.global("torch._utils", "_rebuild_tensor_v2").code(Pickler.MARK);
    pickler.code(Pickler.MARK).text("storage").global("torch", storage).text(key).text("cpu");
    pickler.integer(stride).code(Pickler.TUPLE).code(Pickler.PERSISTENT).integer(0);
    pickler.tuple(sizes).tuple(strides).bool(false);
    pickler.global("collections", "OrderedDict").emptyTuple().code(Pickler.CALL);
    pickler.code(Pickler.TUPLE).code(Pickler.CALL);
  }

  /** Writes the few codes of a pickle, protocol 2, that a module needs. */
  private static final class Pickler {
    private static final int MARK = '(';
    private static final int TUPLE = 't';
    private static final int EMPTY_TUPLE = ')';
    private static final int EMPTY_DICTIONARY = '}';
    private static final int SET_ITEMS = 'u';
    private static final int NEW_OBJECT = 0x81;
    private static final int BUILD = 'b';
    private static final int CALL = 'R';
    private static final int PERSISTENT = 'Q';
    private static final int GLOBAL = 'c';
    private static final int TEXT = 'X';
    private static final int INT32 = 'J';
    private static final int LONG = 0x8a;
    private static final int TRUE = 0x88;
    private static final int FALSE = 0x89;
    private static final int STOP = '.';

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Pickler() {
      out.write(0x80);
      out.write(2);
    }

    Pickler code(int code) {
      out.write(code);
      return this;
    }

    Pickler emptyTuple() {
      return code(EMPTY_TUPLE);
    }

    Pickler bool(boolean value) {
      return code(value ? TRUE : FALSE);
    }

    Pickler global(String module, String name) {
      code(GLOBAL).bytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
      return this;
    }

    Pickler text(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      code(TEXT).number(utf8.length, Integer.BYTES).bytes(utf8);
      return this;
    }

    Pickler integer(long value) {
      return value == (int) value
          ? code(INT32).number(value, Integer.BYTES)
          : code(LONG).code(Long.BYTES).number(value, Long.BYTES);
    }

    Pickler tuple(long[] values) {
      code(MARK);
      for (long each : values) {
        integer(each);
      }
      return code(TUPLE);
    }

    /** Little-endian. */
    private Pickler number(long value, int width) {
      for (int i = 0; i < width; i++) {
        out.write((int) (value >>> (8 * i)));
      }
      return this;
    }

    private void bytes(byte[] bytes) {
      out.writeBytes(bytes);
    }

    byte[] stop() {
      out.write(STOP);
      return out.toByteArray();
    }
  }
}
