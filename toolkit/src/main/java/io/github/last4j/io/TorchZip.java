package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What torch.save writes of a state dict: a zip archive with the pickle data.pkl and one file of
 * numbers for every storage, data/0 and so on. Nothing is executed; a pickle that needs more than
 * tensors in dictionaries and lists is refused, by the name of what it needs.
 */
final class TorchZip implements Pickle.Calls {
  private static final String PICKLE = "data.pkl";
  private static final String DICTIONARY = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final int LARGEST_DEPTH = 64;
  private static final int LONGEST_NAME = 4096;
  private static final int MOST_NODES = 1_000_000;
  private static final byte[] BIG = "big".getBytes(StandardCharsets.US_ASCII);
  private static final Map<String, Tensor.Type> STORAGES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", Tensor.Type.FLOAT64),
          Map.entry("torch.FloatStorage", Tensor.Type.FLOAT32),
          Map.entry("torch.HalfStorage", Tensor.Type.FLOAT16),
          Map.entry("torch.BFloat16Storage", Tensor.Type.BFLOAT16),
          Map.entry("torch.LongStorage", Tensor.Type.INT64),
          Map.entry("torch.IntStorage", Tensor.Type.INT32),
          Map.entry("torch.ShortStorage", Tensor.Type.INT16),
          Map.entry("torch.CharStorage", Tensor.Type.INT8),
          Map.entry("torch.ByteStorage", Tensor.Type.UINT8),
          Map.entry("torch.BoolStorage", Tensor.Type.BOOL),
          Map.entry("torch.ComplexFloatStorage", Tensor.Type.COMPLEX64),
          Map.entry("torch.ComplexDoubleStorage", Tensor.Type.COMPLEX128));

  private final Archive archive;
  private final String folder;
  private final boolean bigEndian;
  // The files of numbers that were read, of which tensors are parts.
  private final Map<String, Tensor> storages = new HashMap<>();
  private final Tensors.Builder found = new Tensors.Builder();
  private int nodes;
  // Tensors may share their numbers, but hardly more than a few.
  private long allowed = 1 << 20;

  private TorchZip(Archive archive, String folder) throws IOException {
    this.archive = archive;
    this.folder = folder;
    String order = folder + "byteorder";
    bigEndian = archive.has(order) && Arrays.equals(archive.content(order), BIG);
  }

  /** The folder in an archive that a pickle of torch is in, with a slash at its end. */
  static Optional<String> folder(Archive archive) {
    return archive.names().stream()
        .filter(name -> name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/'))
        .map(name -> name.substring(0, name.length() - PICKLE.length()))
        .findFirst();
  }

  /** Reads the tensors, with dots between the names of dictionaries in each other. */
  static Tensors parse(Archive archive, String folder) throws IOException {
    TorchZip zip = new TorchZip(archive, folder);
    Object root = Pickle.read(archive.content(folder + PICKLE), zip);
    require(root instanceof Map, "expected a dictionary of tensors, got a %s", root.getClass());
    zip.visit("", root, 0);
    return zip.found.build();
  }

  private void visit(String path, Object value, int depth) {
    require(depth <= LARGEST_DEPTH, "expected at most %d levels", LARGEST_DEPTH);
    require(++nodes <= MOST_NODES, "expected at most %d values", MOST_NODES);
    require(path.length() <= LONGEST_NAME, "%s: expected a shorter name", path);
    String start = path.isEmpty() ? "" : path + ".";
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> visit(start + key, each, depth + 1));
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        visit(start + i, list.get(i), depth + 1);
      }
    } else if (value instanceof Tensor tensor) {
      found.array(path, tensor);
    }
  }

  @Override
  public boolean knows(String name) {
    return Set.of(DICTIONARY, TENSOR, PARAMETER).contains(name) || STORAGES.containsKey(name);
  }

  @Override
  public Object call(Pickle.Global function, List<?> arguments) {
    boolean fits =
        switch (function.name()) {
          case DICTIONARY -> arguments.isEmpty();
          case TENSOR ->
              arguments.size() >= 6
                  && arguments.get(0) instanceof Tensor
                  && arguments.get(1) instanceof Long
                  && arguments.get(2) instanceof List
                  && arguments.get(3) instanceof List;
          case PARAMETER -> !arguments.isEmpty() && arguments.get(0) instanceof Tensor;
          default -> false;
        };
    require(fits, "expected other arguments of %s", function.name());
    return switch (function.name()) {
      case DICTIONARY -> new LinkedHashMap<Object, Object>();
      case PARAMETER -> arguments.get(0);
      default -> tensor(arguments);
    };
  }

  private Tensor tensor(List<?> arguments) {
    Tensor storage = (Tensor) arguments.get(0);
    long[] shape = integers((List<?>) arguments.get(2));
    allowed -= Tensor.bytes(storage.type(), shape);
    require(allowed >= 0, "expected tensors that share no more of their numbers");
    long offset = (Long) arguments.get(1);
    long[] strides = integers((List<?>) arguments.get(3));
    return Tensor.strided(storage.type(), shape, strides, offset, storage.raw());
  }

  private static long[] integers(List<?> values) {
    boolean integers = values.stream().allMatch(Long.class::isInstance);
    require(integers, "expected integers as sizes and strides of tensors");
    return values.stream().mapToLong(Long.class::cast).toArray();
  }

  /** A storage, of which a pickle says ("storage", type, name of the file, device, size). */
  @Override
  public Object load(Object id) {
    boolean known =
        id instanceof List<?> parts
            && parts.size() == 5
            && parts.get(0).equals("storage")
            && parts.get(1) instanceof Pickle.Global
            && parts.get(2) instanceof String;
    require(known, "expected numbers in files of their own, got something else");
    List<?> parts = (List<?>) id;
    Tensor.Type type = STORAGES.get(((Pickle.Global) parts.get(1)).name());
    require(type != null, "expected a type of numbers, got %s", parts.get(1));
    Tensor storage = storages.computeIfAbsent((String) parts.get(2), key -> storage(key, type));
    require(storage.type() == type, "expected %s, got numbers of type %s", storage, type);
    return storage;
  }

  private Tensor storage(String key, Tensor.Type type) {
    try {
      byte[] bytes = archive.content(folder + "data/" + key);
      if (bigEndian) {
        Bytes.reverse(bytes, type.width());
      }
      allowed += 4L * bytes.length;
      return Tensor.of(type, new long[] {bytes.length / type.size}, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
