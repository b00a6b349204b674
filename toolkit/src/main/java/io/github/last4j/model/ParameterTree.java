package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Every parameter of a model with its path and shape in the checkpoints of the S5 release. */
final class ParameterTree {
  /**
   * One parameter.
   *
   * @param path its name in a checkpoint
   * @param parameter where the model holds it
   * @param shape its shape in a checkpoint
   * @param transposed whether the model holds the transpose: DJL's dense layers are (out, in)
   * @param layer the layer that it belongs to, where it has an axis of states
   * @param stateAxis that axis, or -1
   */
  private record Entry(
      String path,
      Parameter parameter,
      Shape shape,
      boolean transposed,
      int layer,
      int stateAxis) {}

  private static final String VARIANCE = "/norm/var";

  private final List<Entry> entries = new ArrayList<>();
  private final List<Function<Draws, Map<Parameter, double[]>>> starts = new ArrayList<>();

  private ParameterTree() {}

  static ParameterTree of(
      ModelConfig config, Linear encoder, List<SsmLayer> layers, Block decoder) {
    ParameterTree tree = new ParameterTree();
    int h = config.channels();
    tree.dense("params/encoder/encoder", encoder, config.inputs(), h);
    for (int i = 0; i < layers.size(); i++) {
      SsmLayer layer = layers.get(i);
      String path = "params/encoder/layers_" + i + "/";
      tree.system(path + "seq/", layer.ssm, i);
      if (layer.value != null) {
        tree.dense(path + "out1", layer.value, h, h);
      }
      if (layer.gate != null) {
        tree.dense(path + "out2", layer.gate, h, h);
      }
      tree.add(path + "norm/scale", layer.norm, "gamma", h, 1);
      tree.add(path + "norm/bias", layer.norm, "beta", h, 0);
      if (config.normalization() == Normalization.BATCH) {
        String statistics = "batch_stats/encoder/layers_" + i;
        tree.add(statistics + "/norm/mean", layer.norm, "runningMean", h, 0);
        tree.add(statistics + VARIANCE, layer.norm, "runningVar", h, 1);
      }
    }
    if (decoder instanceof PairDecoder pair) {
      tree.dense("params/decoder/layer1", pair.hidden, PairDecoder.FEATURES * h, h);
      tree.dense("params/decoder/layer2", pair.output, h, config.classes());
    } else {
      tree.dense("params/decoder", decoder, h, config.classes());
    }
    return tree;
  }

  private void add(String path, Block block, String name, int size, double start) {
    Parameter parameter = block.getDirectParameters().get(name);
    entries.add(new Entry(path, parameter, new Shape(size), false, -1, -1));
    starts.add(draws -> Map.of(parameter, Draws.constant(size, start)));
  }

  private void system(String path, SsmBlock<?> ssm, int layer) {
    for (SsmBlock.Slot slot : ssm.slots()) {
      Parameter parameter = slot.parameter();
      String name = path + parameter.getName();
      entries.add(new Entry(name, parameter, slot.shape(), false, layer, slot.stateAxis()));
    }
    starts.add(ssm::draw);
  }

  private void dense(String path, Block block, int in, int out) {
    Parameter weight = block.getDirectParameters().get("weight");
    entries.add(new Entry(path + "/kernel", weight, new Shape(in, out), true, -1, -1));
    starts.add(draws -> Map.of(weight, draws.lecunNormal(in * out, in)));
    add(path + "/bias", block, "bias", out, 0);
  }

  /** Puts what a seed gives into the model, in float32, on the manager's device. */
  void draw(NDManager manager, long seed) {
    Draws draws = new Draws(new Random(seed));
    Map<Parameter, double[]> values = new HashMap<>();
    starts.forEach(start -> values.putAll(start.apply(draws)));
    try (NDManager scratch = manager.newSubManager()) {
      for (Entry entry : entries) {
        NDArray exact = scratch.create(values.get(entry.parameter()), entry.shape());
        put(manager, entry, exact.toType(DataType.FLOAT32, false));
      }
    }
  }

  /** Puts copies of the arrays into the model, on the manager's device. */
  void load(NDManager manager, Map<String, NDArray> arrays) {
    Set<String> unknown = new TreeSet<>(arrays.keySet());
    entries.forEach(entry -> unknown.remove(entry.path()));
    require(
        unknown.isEmpty(), "parameters: expected none beside the configuration's, got %s", unknown);
    DataType type = null;
    for (Entry entry : entries) {
      NDArray array = arrays.get(entry.path());
      require(array != null, "parameters: expected %s, got none", entry.path());
      if (type == null) {
        type = array.getDataType();
      }
      check(entry, array, type);
      put(manager, entry, array);
    }
  }

  private static void put(NDManager manager, Entry entry, NDArray array) {
    // A duplicate, since DJL's other copies share memory with what they were made of.
    NDArray duplicate = (entry.transposed() ? array.transpose() : array).duplicate();
    NDArray copy = duplicate.toDevice(manager.getDevice(), false);
    copy.attach(manager);
    entry.parameter().setArray(copy);
  }

  private static void check(Entry entry, NDArray array, DataType type) {
    Shape shape = array.getShape();
    require(
        shape.equals(entry.shape()),
        "%s: expected shape %s, got %s",
        entry.path(),
        entry.shape(),
        shape);
    require(
        array.getDataType() == type && type.isFloating(),
        "%s: expected float32 or float64 and one dtype for all parameters, got %s",
        entry.path(),
        array.getDataType());
    require(
        ComplexArray.isFinite(array),
        "%s: expected finite numbers, got a NaN or an infinity",
        entry.path());
    if (entry.path().endsWith(VARIANCE)) {
      double[] variances = ComplexArray.doubles(array);
      for (int i = 0; i < variances.length; i++) {
        require(
            variances[i] >= 0,
            "%s: expected variances of at least 0, got %s in channel %s",
            entry.path(),
            variances[i],
            i);
      }
    }
  }

  /** Copies of all parameters by path. */
  Map<String, NDArray> save(NDManager owner) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    for (Entry entry : entries) {
      NDArray array = entry.parameter().getArray();
      arrays.put(
          entry.path(),
          Scoped.array(
              owner,
              () -> {
                NDArray plain = array.stopGradient();
                return (entry.transposed() ? plain.transpose() : plain).duplicate();
              }));
    }
    return arrays;
  }

  /** Copies of all parameters by path, of the states that stay only. */
  Map<String, NDArray> select(NDManager owner, States kept) {
    return select(owner, save(owner), kept);
  }

  /** Of arrays by path, shaped as the parameters, what belongs to the states that stay. */
  Map<String, NDArray> select(NDManager owner, Map<String, NDArray> arrays, States kept) {
    Map<String, NDArray> selected = new LinkedHashMap<>(arrays);
    for (Entry entry : entries) {
      if (entry.stateAxis() >= 0) {
        NDArray indices =
            owner.create(kept.layer(entry.layer()).indices().asLongStream().toArray());
        NDIndex index = new NDIndex(entry.stateAxis() == 0 ? "{}" : ":, {}", indices);
        selected.computeIfPresent(entry.path(), (path, array) -> array.get(index));
      }
    }
    return selected;
  }

  /** The parameters that training changes, by path. */
  Map<String, Parameter> trained() {
    Map<String, Parameter> trained = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.parameter().requiresGradient()) {
        trained.put(entry.path(), entry.parameter());
      }
    }
    return trained;
  }

  /** Copies of all parameters by path, where the systems of the layers are others. */
  Map<String, NDArray> with(NDManager owner, List<SsmLayer> layers, List<DiscreteSsm> systems) {
    Map<Parameter, NDArray> values = new HashMap<>();
    for (int l = 0; l < systems.size(); l++) {
      values.putAll(layers.get(l).ssm.parameters(systems.get(l)));
    }
    Map<String, NDArray> arrays = save(owner);
    for (Entry entry : entries) {
      NDArray value = values.get(entry.parameter());
      if (value != null) {
        DataType type = entry.parameter().getArray().getDataType();
        arrays.put(entry.path(), ComplexArray.copy(value, type));
      }
    }
    return arrays;
  }
}
