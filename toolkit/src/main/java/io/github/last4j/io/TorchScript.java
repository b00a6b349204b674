package io.github.last4j.io;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.ChannelGroups;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.Discretization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Models as TorchScript: one file .pt that PyTorch (1.12 and later), DJL and C++ load and run
 * without this toolkit.
 *
 * <p>Its method {@code forward(x, lengths=None)} gives the log-probabilities of {@link
 * SequenceClassifier#logProbabilities} for any batch and length: x (batch, L, inputs) or tokens
 * (batch, L), lengths (batch). A removed state is not in the file, and takes no time. Any model can
 * be written: both families and directions, tokens, pairs of documents, all activations and
 * normalisations. The module is for inference: there is no dropout, running statistics are a scale
 * and a shift, and its tensors are buffers.
 */
public final class TorchScript {
  private TorchScript() {}

  /**
   * Writes a model; a file that was there before stays until the new one is whole.
   *
   * <p>In Python {@code torch.jit.load(file)} is a function of x, and with {@code
   * _extra_files={"last4j.config": ""}} it gives the configuration, too.
   *
   * @param file its name, by convention with the suffix .pt
   * @throws IOException if writing fails
   */
  public static void save(SequenceClassifier model, Path file) throws IOException {
    try (NDManager scratch = model.manager().newSubManager();
        NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      Map<String, NDArray> parameters = model.parametersByName(scratch);
      DataType type = parameters.values().iterator().next().getDataType();
      Map<String, Tensor> buffers = new LinkedHashMap<>();
      buffers(model, scratch, parameters)
          .forEach((name, array) -> buffers.put(name, tensor(array, type)));
      ModelConfig config = model.config();
      String code = TorchProgram.of(config, buffers.keySet(), type == DataType.FLOAT64);
      Map<String, String> extra = Map.of(Checkpoints.CONFIG, new Gson().toJson(config));
      AtomicFile.write(
          file, out -> TorchArchive.write(TorchProgram.TYPE, code, buffers, extra, out));
    }
  }

  private static Tensor tensor(NDArray array, DataType type) {
    if (array.getDataType() != DataType.INT64) {
      return Tensor.of(ComplexArray.copy(array, type));
    }
    byte[] bytes = new byte[(int) array.size() * Long.BYTES];
    Bytes.littleEndian(bytes).asLongBuffer().put(array.toLongArray());
    return Tensor.of(Tensor.Type.INT64, array.getShape().getShape(), bytes);
  }

  /** The tensors by the names that the program has for them, of any dtype. */
  private static Map<String, NDArray> buffers(
      SequenceClassifier model, NDManager scratch, Map<String, NDArray> parameters) {
    ModelConfig config = model.config();
    Map<String, NDArray> buffers = new LinkedHashMap<>();
    // An embedding has a row a word, a dense layer one an output.
    dense(buffers, "encoder", parameters, "params/encoder/encoder");
    if (config.tokens()) {
      buffers.computeIfPresent("encoder_weight", (name, weight) -> weight.transpose());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      String name = "layers_" + layer + "_";
      String path = "params/encoder/layers_" + layer + "/";
      norm(buffers, name, parameters, layer, config);
      system(buffers, name, model.states(scratch, layer), layer, config);
      buffers.put(name + "D", parameters.get(path + "seq/D"));
      for (String each : List.of("out1", "out2")) {
        if (parameters.containsKey(path + each + "/kernel")) {
          dense(buffers, name + each, parameters, path + each);
        }
      }
    }
    if (config.documentPairs()) {
      dense(buffers, "decoder_layer1", parameters, "params/decoder/layer1");
      dense(buffers, "decoder_layer2", parameters, "params/decoder/layer2");
    } else {
      dense(buffers, "decoder", parameters, "params/decoder");
    }
    return buffers;
  }

  private static void dense(
      Map<String, NDArray> buffers, String name, Map<String, NDArray> parameters, String path) {
    buffers.put(name + "_weight", parameters.get(path + "/kernel").transpose());
    buffers.put(name + "_bias", parameters.get(path + "/bias"));
  }

  private static void norm(
      Map<String, NDArray> buffers,
      String name,
      Map<String, NDArray> parameters,
      int layer,
      ModelConfig config) {
    String path = "encoder/layers_" + layer + "/norm/";
    NDArray scale = exact(parameters.get("params/" + path + "scale"));
    NDArray bias = exact(parameters.get("params/" + path + "bias"));
    if (config.normalization() == Normalization.BATCH) {
      NDArray variance = exact(parameters.get("batch_stats/" + path + "var"));
      scale = scale.div(variance.add(config.normalization().epsilon(config)).sqrt());
      bias = bias.sub(exact(parameters.get("batch_stats/" + path + "mean")).mul(scale));
    }
    buffers.put(name + "norm_scale", scale);
    buffers.put(name + "norm_bias", bias);
  }

  private static NDArray exact(NDArray array) {
    return ComplexArray.copy(array, DataType.FLOAT64);
  }

  private static void system(
      Map<String, NDArray> buffers,
      String name,
      DiagonalSsm states,
      int layer,
      ModelConfig config) {
    Discretization.Poles poles = config.discretization().poles(states.lambda(), states.step());
    boolean s5 = config.family() == Family.S5;
    ComplexArray bar = poles.lambdaBar();
    if (s5) {
      put(buffers, name + "lambda", bar);
      ComplexArray input = states.b().mul(poles.gain().reshape(-1, 1));
      buffers.put(name + "B", input.real().concat(input.imag(), 0));
      buffers.put(name + "C", outputs(states.c()));
      states.backwardC().ifPresent(back -> buffers.put(name + "C2", outputs(back)));
      return;
    }
    ChannelGroups groups = ChannelGroups.of(config, layer);
    ComplexArray gain = poles.gain().mul(2);
    if (!groups.whole(config.channels())) {
      long[] order = groups.channels().stream().mapToLong(Integer::longValue).toArray();
      buffers.put(name + "order", bar.real().getManager().create(order));
    }
    put(buffers, name + "lambda", bar, groups);
    put(buffers, name + "C", states.c().reshape(-1).mul(gain), groups);
    states
        .backwardC()
        .ifPresent(back -> put(buffers, name + "C2", back.reshape(-1).mul(gain), groups));
  }

  /** States (n) as arrays (channels, states), one for each group. */
  private static void put(
      Map<String, NDArray> buffers, String name, ComplexArray states, ChannelGroups groups) {
    int size = (int) states.shape().size();
    double[] re = Arrays.copyOf(ComplexArray.doubles(states.real()), size + 1);
    double[] im = Arrays.copyOf(ComplexArray.doubles(states.imag()), size + 1);
    NDManager manager = states.real().getManager();
    for (int i = 0; i < groups.groups().size(); i++) {
      ChannelGroups.Group group = groups.groups().get(i);
      Shape shape = new Shape(group.channels().size(), group.most());
      int[] places = group.places(size);
      put(
          buffers,
          name + "_" + i,
          ComplexArray.of(
              manager.create(IntStream.of(places).mapToDouble(at -> re[at]).toArray(), shape),
              manager.create(IntStream.of(places).mapToDouble(at -> im[at]).toArray(), shape)));
    }
  }

  private static void put(Map<String, NDArray> buffers, String name, ComplexArray array) {
    buffers.put(name + "_re", array.real());
    buffers.put(name + "_im", array.imag());
  }

  /** 2Re(Cx) as one real matrix of real and then imaginary parts, shape (h, 2n). */
  private static NDArray outputs(ComplexArray c) {
    return ComplexArray.mul(c.real().concat(c.imag().neg(), 1), 2);
  }
}
