package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The output matrices of S5 as files have them, by {@link ModelConfig#singleStates} and {@link
 * ModelConfig#joinedC}: what was read of a model of the release is written so that the release's
 * model reads it. Both ways are exact, as factors of two are.
 */
final class Dialect {
  private Dialect() {}

  /** The arrays of a model as a file has them. */
  static Map<String, Tensor> written(ModelConfig config, Map<String, Tensor> arrays) {
    Map<String, Tensor> written = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          String part = last(name);
          if (config.family() != Family.S5 || !part.matches("C[12]?")) {
            written.put(name, array);
          } else if (config.joinedC() && part.equals("C1")) {
            Tensor back = arrays.get(name.replaceFirst("1$", "2"));
            written.put(name.replaceFirst("1$", ""), doubled(config, joined(array, back), 2));
          } else if (!config.joinedC() || part.equals("C")) {
            written.put(name, doubled(config, array, 2));
          }
        });
    return written;
  }

  /** The arrays of a file as a model has them. */
  static Map<String, Tensor> read(ModelConfig config, Map<String, Tensor> arrays) {
    Map<String, Tensor> read = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (config.family() != Family.S5 || !last(name).matches("C[12]?")) {
            read.put(name, array);
          } else if (config.joinedC() && config.bidirectional() && last(name).equals("C")) {
            read.put(name + "1", doubled(config, half(name, array, 0), 0.5));
            read.put(name + "2", doubled(config, half(name, array, 1), 0.5));
          } else {
            read.put(name, doubled(config, array, 0.5));
          }
        });
    return read;
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static Tensor doubled(ModelConfig config, Tensor array, double factor) {
    return config.singleStates() ? array.times(factor) : array;
  }

  /** Matrices (h, n, 2) side by side: (h, 2n, 2). */
  private static Tensor joined(Tensor forward, Tensor backward) {
    long[] sizes = forward.sizes();
    int row = forward.raw().length / (int) sizes[0];
    ByteBuffer both = ByteBuffer.allocate(2 * forward.raw().length);
    for (int i = 0; i < sizes[0]; i++) {
      both.put(forward.raw(), i * row, row).put(backward.raw(), i * row, row);
    }
    return Tensor.of(forward.type(), new long[] {sizes[0], 2 * sizes[1], 2}, both.array());
  }

  private static Tensor half(String name, Tensor both, int which) {
    long[] sizes = both.sizes();
    boolean fits = sizes.length == 3 && sizes[1] % 2 == 0 && sizes[2] == 2;
    require(fits, "%s: expected shape (h, 2n, 2), got %s", name, both);
    long[] strides = {2 * sizes[1], 2, 1};
    long[] half = {sizes[0], sizes[1] / 2, 2};
    return Tensor.strided(both.type(), half, strides, which * sizes[1], both.raw());
  }
}
