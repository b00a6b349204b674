package io.github.last4j.io;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Small models of random numbers, with the names and shapes that other projects give them. */
final class ForeignModels {
  static final int INPUTS = 2;
  static final int CHANNELS = 3;
  static final int STATES = 4;
  static final int CLASSES = 5;

  private final Map<String, Tensor> arrays = new LinkedHashMap<>();
  private final Random random;

  private ForeignModels(long seed) {
    random = new Random(seed);
  }

  /** The kinds of trees that are known. */
  enum Kind {
    /** The S5 release: one direction, a gate, batch normalisation. */
    S5 {
      @Override
      Map<String, Tensor> arrays(long seed) {
        ForeignModels model = new ForeignModels(seed);
        String encoder = "params/encoder/";
        model.dense(encoder + "encoder", INPUTS, CHANNELS);
        for (int i = 0; i < 2; i++) {
          String layer = encoder + "layers_" + i;
          model.norm(layer);
          model.dense(layer + "/out2", CHANNELS, CHANNELS);
          String statistics = "batch_stats/encoder/layers_" + i + "/norm/";
          model.add(statistics + "mean", -1, 1, CHANNELS);
          model.add(statistics + "var", 0.5, 2, CHANNELS);
          String seq = layer + "/seq/";
          model.add(seq + "Lambda_re", -1, -0.1, STATES);
          model.add(seq + "Lambda_im", 0, 9, STATES);
          model.add(seq + "B", -1, 1, STATES, CHANNELS, 2);
          model.add(seq + "C", -1, 1, CHANNELS, STATES, 2);
          model.add(seq + "D", -1, 1, CHANNELS);
          model.add(seq + "log_step", -4, -1, STATES, 1);
        }
        model.dense("params/decoder", CHANNELS, CLASSES);
        return model.arrays;
      }
    },

    /** The annotated S4D: two directions, a value and a gate, layer normalisation. */
    S4D {
      @Override
      Map<String, Tensor> arrays(long seed) {
        ForeignModels model = new ForeignModels(seed);
        model.dense("params/encoder", INPUTS, CHANNELS);
        for (int i = 0; i < 2; i++) {
          String layer = "params/layers_" + i;
          model.norm(layer);
          model.dense(layer + "/out", CHANNELS, CHANNELS);
          model.dense(layer + "/out2", CHANNELS, CHANNELS);
          String seq = layer + "/seq/";
          model.add(seq + "A_re", -1, -0.1, STATES, CHANNELS);
          model.add(seq + "A_im", -9, 9, STATES, CHANNELS);
          model.add(seq + "C1", -1, 1, STATES, CHANNELS, 2);
          model.add(seq + "C2", -1, 1, STATES, CHANNELS, 2);
          model.add(seq + "D", -1, 1, 1, CHANNELS);
          model.add(seq + "log_step", -4, -1, 1, CHANNELS);
        }
        model.dense("params/decoder", CHANNELS, CLASSES);
        return model.arrays;
      }
    },

    /** The S4D of state-spaces. */
    STATE_SPACES {
      @Override
      Map<String, Tensor> arrays(long seed) {
        ForeignModels model = new ForeignModels(seed);
        model.add("encoder.weight", -1, 1, CHANNELS, INPUTS);
        model.add("encoder.bias", -1, 1, CHANNELS);
        for (int i = 0; i < 2; i++) {
          String layer = "s4_layers." + i + ".";
          model.add(layer + "D", -1, 1, CHANNELS);
          model.add(layer + "kernel.C", -1, 1, CHANNELS, STATES, 2);
          model.add(layer + "kernel.log_dt", -4, -1, CHANNELS);
          model.add(layer + "kernel.log_A_real", -2, 0, CHANNELS, STATES);
          model.add(layer + "kernel.A_imag", 0, 9, CHANNELS, STATES);
          model.add(layer + "output_linear.0.weight", -1, 1, 2 * CHANNELS, CHANNELS, 1);
          model.add(layer + "output_linear.0.bias", -1, 1, 2 * CHANNELS);
          model.add("norms." + i + ".weight", 0.5, 1.5, CHANNELS);
          model.add("norms." + i + ".bias", -1, 1, CHANNELS);
        }
        model.add("decoder.weight", -1, 1, CLASSES, CHANNELS);
        model.add("decoder.bias", -1, 1, CLASSES);
        return model.arrays;
      }
    };

    /** The arrays by name, float32; equal seeds give equal numbers. */
    abstract Map<String, Tensor> arrays(long seed);
  }

  private void dense(String path, int in, int out) {
    add(path + "/kernel", -1, 1, in, out);
    add(path + "/bias", -1, 1, out);
  }

  private void norm(String layer) {
    add(layer + "/norm/scale", 0.5, 1.5, CHANNELS);
    add(layer + "/norm/bias", -1, 1, CHANNELS);
  }

  private void add(String name, double low, double high, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> low + (high - low) * random.nextDouble());
    arrays.put(name, floats(values, shape));
  }

  static Tensor floats(double[] values, long... shape) {
    byte[] bytes = new byte[4 * values.length];
    FloatBuffer buffer = Bytes.littleEndian(bytes).asFloatBuffer();
    for (double value : values) {
      buffer.put((float) value);
    }
    return Tensor.of(Tensor.Type.FLOAT32, shape, bytes);
  }

  /** Zeros of a type in the shape of an array. */
  static Tensor zeros(Tensor.Type type, long... shape) {
    return Tensor.of(type, shape, new byte[(int) Tensor.bytes(type, shape)]);
  }
}
