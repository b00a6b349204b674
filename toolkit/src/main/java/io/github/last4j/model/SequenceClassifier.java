package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Dataset;
import ai.djl.util.PairList;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.progress.Interruption;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import io.github.last4j.ssm.States;
import io.github.last4j.ssm.TimeLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Dense encoder, S5 or S4D layers, mean over time (or the last step, by {@link Pooling}), dense
 * decoder, log-softmax.
 *
 * <p>The block maps sequences (batch, L, inputs), or integer tokens (batch, L) or (batch, L, 1), to
 * log-probabilities (batch, classes). A second input (batch) holds lengths: only that many steps of
 * a sequence then enter its mean, and with {@link ModelConfig#maskPadding} nothing else does. The
 * model owns its parameters; {@link #close} frees them. It is for one thread at a time: an
 * evaluation keeps what it makes of the parameters for the next.
 *
 * <p>With {@link ModelConfig#documentPairs} it classifies pairs of documents, as in the task
 * Retrieval. Inputs then are those of 2·batch sequences, in the S5 release's order: the first
 * documents of all pairs, then the second ones. One encoder and the same layers see both, and a
 * dense layer, GELU and a dense layer see their means a and b as [a, b, a − b, a · b].
 */
public final class SequenceClassifier extends AbstractBlock implements AutoCloseable {
  private final ModelConfig config;
  private final NDManager manager;
  private final Linear encoder;
  private final List<SsmLayer> layers = new ArrayList<>();
  private final AbstractBlock decoder;
  private final ParameterTree tree;

  private SequenceClassifier(NDManager parent, ModelConfig config) {
    this.config = config;
    manager = parent.newSubManager();
    encoder = addChildBlock("encoder", Linear.builder().setUnits(config.channels()).build());
    for (int i = 0; i < config.layers(); i++) {
      layers.add(addChildBlock("layers_" + i, new SsmLayer(config, i)));
    }
    decoder =
        addChildBlock(
            "decoder",
            config.documentPairs()
                ? new PairDecoder(config)
                : Linear.builder().setUnits(config.classes()).build());
    tree = ParameterTree.of(config, encoder, layers, decoder);
  }

  /**
   * A new model with the initialisation of its family: for S5 HiPPO-LegS blocks and LeCun-normal
   * matrices, for S4D the poles of HiPPO-LegS in every channel and normal output weights.
   *
   * @param parent the manager whose device the model is put on, and which closes it at the latest
   * @param seed what the parameters are drawn from; the same seed gives the same parameters
   * @throws IllegalArgumentException if a layer's states can't be split into the blocks
   */
  public static SequenceClassifier create(NDManager parent, ModelConfig config, long seed) {
    return filled(parent, config, model -> model.tree.draw(model.manager, seed));
  }

  /**
   * A model with given parameters, of which it makes copies.
   *
   * @param parameters arrays by the names of {@link #parametersByName}, all float32 or all float64
   * @throws IllegalArgumentException if a parameter is missing, unknown, misshapen or not finite, a
   *     running variance is negative, a time step not positive, or a pole not stable, naming it; a
   *     real part of zero is let through: such a state sums up its inputs
   */
  public static SequenceClassifier of(
      NDManager parent, ModelConfig config, Map<String, NDArray> parameters) {
    return filled(parent, config, model -> model.tree.load(model.manager, parameters));
  }

  private static SequenceClassifier filled(
      NDManager parent, ModelConfig config, Consumer<SequenceClassifier> fill) {
    SequenceClassifier model = new SequenceClassifier(parent, config);
    try {
      fill.accept(model);
      for (int i = 0; i < config.layers(); i++) {
        String path = "params/encoder/layers_" + i + "/seq/";
        model.layers.get(i).ssm.requireStates(path, config.discretization());
      }
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The architecture. */
  public ModelConfig config() {
    return config;
  }

  /** The manager that holds the parameters; its device is the model's. */
  public NDManager manager() {
    return manager;
  }

  /**
   * The parameters by the paths that they have in the checkpoints of the S5 release, such as
   * "params/encoder/layers_0/seq/Lambda_re"; dense kernels are (in, out).
   *
   * @param owner the manager that holds the copies
   */
  public Map<String, NDArray> parametersByName(NDManager owner) {
    return tree.save(owner);
  }

  /**
   * The parameters that training changes, by the names of {@link #parametersByName}: the model's
   * own, where dense kernels are (out, in).
   */
  public Map<String, Parameter> trainedByName() {
    return tree.trained();
  }

  /**
   * Of arrays by name, shaped as the parameters of {@link #trainedByName}, what belongs to states
   * that stay: what an optimiser remembers of a model of which only these are kept.
   *
   * @param owner the manager that holds the copies
   * @param arrays of any of the parameters
   * @throws IllegalArgumentException if the states are those of another model
   */
  public Map<String, NDArray> select(NDManager owner, Map<String, NDArray> arrays, States states) {
    states.requireStates("states", config.pairs());
    return Scoped.compute(
        owner,
        () -> {
          Map<String, NDArray> copies = new LinkedHashMap<>(arrays);
          copies.replaceAll((name, array) -> array.duplicate());
          return tree.select(owner, copies, states);
        },
        selected -> new NDList(selected.values()));
  }

  /**
   * The continuous-time systems of the layers, in order: float64 copies.
   *
   * @param owner the manager that holds them
   */
  public List<DiagonalSsm> systems(NDManager owner) {
    return layers.stream()
        .map(
            layer ->
                Scoped.compute(
                    owner, () -> layer.ssm.system().toType(DataType.FLOAT64), DiagonalSsm::arrays))
        .toList();
  }

  /**
   * The discrete-time systems of the layers, in order: float64 copies, what scores are made of.
   *
   * @param owner the manager that holds them
   */
  public List<DiscreteSsm> discreteSystems(NDManager owner) {
    return IntStream.range(0, layers.size()).mapToObj(l -> discreteSystem(owner, l)).toList();
  }

  /**
   * The discrete-time system of one layer, as {@link #discreteSystems} has it.
   *
   * @param owner the manager that holds it
   * @param layer counted from 0
   * @throws IllegalArgumentException if there is no such layer
   */
  public DiscreteSsm discreteSystem(NDManager owner, int layer) {
    requireLayer(layer);
    return Scoped.compute(owner, layers.get(layer).ssm::discreteSystem, DiscreteSsm::arrays);
  }

  /**
   * The discrete-time system of one layer as a differentiable function of the parameters, without
   * feedthrough: what a penalty in training is made of. Nothing is checked.
   *
   * @param layer counted from 0
   * @return float64 arrays held as the parameters are; an enclosing scope frees them
   */
  public DiscreteSsm differentiableSystem(int layer) {
    DiagonalSsm ssm = layers.get(layer).ssm.system();
    Discretization.Poles poles =
        config.discretization().poles(exact(ssm.lambda()), exact(ssm.step()));
    return new DiscreteSsm(
        poles.lambdaBar(),
        poles.margin(),
        exact(ssm.b()).mul(poles.gain().reshape(-1, 1)),
        exact(ssm.c()),
        ssm.backwardC().map(SequenceClassifier::exact),
        Optional.empty());
  }

  private static ComplexArray exact(ComplexArray array) {
    return ComplexArray.of(exact(array.real()), exact(array.imag()));
  }

  /** In double precision with its gradient, which DJL's conversion ends; a sum promotes. */
  private static NDArray exact(NDArray array) {
    return array.getDataType() == DataType.FLOAT64
        ? array
        : array.add(array.getManager().zeros(array.getShape(), DataType.FLOAT64));
  }

  /**
   * The states of a layer as a continuous-time system, with the poles as they count: of an S5 what
   * {@link #systems} has. An S4D, whose channels have an input and an output each, has all of its
   * states between one input and one output here, one channel after another, so that B is (n, 1), C
   * is (1, n), and there is no D; how many are each channel's is in the configuration.
   *
   * @param owner the manager that holds it
   * @param layer counted from 0
   * @return float64 copies
   * @throws IllegalArgumentException if there is no such layer
   */
  public DiagonalSsm states(NDManager owner, int layer) {
    requireLayer(layer);
    return Scoped.compute(
        owner, () -> layers.get(layer).ssm.states().toType(DataType.FLOAT64), DiagonalSsm::arrays);
  }

  private void requireLayer(int layer) {
    require(
        layer >= 0 && layer < layers.size(),
        "layer: expected 0 to %s, got %s",
        layers.size() - 1,
        layer);
  }

  /**
   * The model without some of its states: smaller arrays, the same numbers.
   *
   * @param states those that stay, at least one a layer, though a channel of S4D may lose all of
   *     its states
   * @return a new model held by this one's parent manager
   * @throws IllegalArgumentException if the states are those of another model, or a layer has none
   */
  public SequenceClassifier keep(States states) {
    states.requireSurvivors("states", config.pairs());
    try (NDManager scratch = manager.newSubManager()) {
      return of(
          manager.getParentManager(),
          config.family().keep(config, states),
          tree.select(scratch, states));
    }
  }

  /**
   * The model with other systems in its layers, with any number of states; all else stays.
   *
   * @param systems float64 layers as {@link #discreteSystems} gives them, in S4D with the states of
   *     one channel after those of another; no feedthrough stands for the one that is there
   * @return a new model held by this one's parent manager
   * @throws IllegalArgumentException if their number or ports are others, or a pole is not inside
   *     the unit circle
   */
  public SequenceClassifier withSystems(List<DiscreteSsm> systems) {
    require(
        systems != null && systems.size() == layers.size(),
        "systems: expected %s, one a layer, got %s",
        layers.size(),
        systems == null ? null : systems.size());
    try (NDManager scratch = manager.newSubManager()) {
      Map<String, NDArray> parameters =
          Scoped.compute(
              scratch,
              () -> tree.with(scratch, layers, systems),
              arrays -> new NDList(arrays.values()));
      return of(manager.getParentManager(), config.family().with(config, systems), parameters);
    }
  }

  /**
   * Log-probabilities of the classes, without gradient.
   *
   * @param x sequences (batch, L, inputs) or tokens (batch, L), with lengths (batch) as an optional
   *     second array; of pairs of documents 2·batch sequences and lengths
   * @return shape (batch, classes), held by the manager of {@code x}
   * @throws IllegalArgumentException if a shape does not fit, a feature is not finite, or a token
   *     or a length is not an integer in its range
   */
  public NDArray logProbabilities(NDList x) {
    NDManager owner = Inputs.manager(x);
    return Scoped.array(
        owner, () -> forward(new ParameterStore(owner, false), x, false).singletonOrThrow());
  }

  /**
   * Sequences that come step by step: after each step what the model says of what it has seen so
   * far, at a cost that is linear in the states that are there.
   *
   * @param batch how many sequences there are, at least one
   * @return all of them at rest; copies of the parameters as they are now
   * @throws IllegalArgumentException if the model is bidirectional or one of pairs of documents,
   *     which see the end of a sequence before they say anything, or the batch is less than one
   */
  public SequenceStream stream(int batch) {
    SequenceStream.requireCausal(config);
    return new SequenceStream(StepModel.of(config, encoder, layers, (Linear) decoder), batch);
  }

  /**
   * What every layer does to sequences, without gradient; to layers each document of a pair is a
   * sequence by itself.
   *
   * @param x as in {@link #logProbabilities}
   * @return one trace a layer, held by the manager of {@code x}
   * @throws IllegalArgumentException as {@link #logProbabilities} does
   */
  public List<LayerTrace> trace(NDList x) {
    NDManager owner = Inputs.manager(x);
    return Scoped.compute(
        owner,
        () -> {
          ParameterStore store = new ParameterStore(owner, false);
          Steps steps = steps(store, x, false);
          List<LayerTrace> traces = new ArrayList<>();
          for (SsmLayer layer : layers) {
            Interruption.check("the trace");
            LayerTrace trace = layer.trace(store, steps.inputs());
            steps = steps.after(trace.output());
            traces.add(trace.restored(steps.layout()));
          }
          return traces;
        },
        LayerTrace::allArrays);
  }

  /**
   * What every layer does to the sequences of a dataset, without gradient.
   *
   * @param data sequences of one length, in any number of batches
   * @return one trace a layer of all sequences, batch after batch, held by the model's manager
   * @throws IllegalArgumentException if there is no sequence, lengths differ, or a shape does not
   *     fit
   */
  public List<LayerTrace> trace(Dataset data) {
    return LayerTrace.of(this, data);
  }

  /**
   * What the first layer sees, without gradient.
   *
   * @param x as in {@link #logProbabilities}
   * @return shape (batch, L, h), held by the manager of {@code x}
   * @throws IllegalArgumentException as {@link #logProbabilities} does
   */
  public NDArray encode(NDList x) {
    NDManager owner = Inputs.manager(x);
    return Scoped.array(
        owner,
        () -> {
          Steps steps = steps(new ParameterStore(owner, false), x, false);
          return steps.layout().restore(steps.features()).duplicate();
        });
  }

  /**
   * What one layer does, without gradient.
   *
   * @param layer its index
   * @param steps what it sees, shape (batch, L, h)
   * @param lengths the steps of each sequence before the padding, (batch), or nothing
   * @return held by the manager of {@code steps}
   */
  public LayerTrace trace(int layer, NDArray steps, NDList lengths) {
    NDManager owner = steps.getManager();
    return Scoped.compute(
        owner,
        () -> {
          TimeLayout layout = layout(steps);
          Optional<NDArray> ends = lengths.stream().findFirst();
          Steps arranged = steps(layout.arrange(steps), layout, ends, false);
          return layers
              .get(layer)
              .trace(new ParameterStore(owner, false), arranged.inputs())
              .restored(layout);
        },
        LayerTrace::arrays);
  }

  /**
   * How the responses of the layers' systems move the decisions: gradients of the margin between
   * the predicted class and the next one, the difference of their scores.
   *
   * @param x as in {@link #logProbabilities}
   * @return for each layer the gradient with respect to {@link LayerTrace#response}, shape (batch,
   *     L, h), each sequence's of its own margin; held by the manager of {@code x}
   */
  public List<NDArray> marginGradients(NDList x) {
    NDManager owner = Inputs.manager(x);
    return Scoped.compute(
        owner,
        () -> {
          ParameterStore store = new ParameterStore(owner, false);
          List<NDArray> shifts = new ArrayList<>();
          try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            Steps steps = steps(store, x, false);
            for (SsmLayer layer : layers) {
              Interruption.check("the gradient");
              NDArray seen = steps.features();
              NDList mask = steps.inputs().subNDList(1);
              NDArray response = layer.response(store, seen, mask, false);
              NDArray shift = response.zerosLike();
              shift.setRequiresGradient(true);
              shifts.add(shift);
              NDArray moved = response.add(shift);
              steps = steps.after(layer.output(store, seen, moved, mask, false, true));
            }
            TimeLayout layout = steps.layout();
            NDArray scores = decode(store, steps, false);
            NDArray order = scores.stopGradient().argSort(-1, false);
            NDArray first = scores.gather(order.get(":, :1"), 1);
            NDArray second = scores.gather(order.get(":, 1:2"), 1);
            collector.backward(first.sub(second).sum());
            return shifts.stream()
                .map(shift -> layout.restore(shift.getGradient()).duplicate())
                .toList();
          }
        },
        NDList::new);
  }

  /** DJL's parameters of the layers' systems: Λ, B, C, D and log Δ. */
  public List<Parameter> systemParameters() {
    return layers.stream()
        .flatMap(layer -> layer.ssm.slots().stream())
        .map(SsmBlock.Slot::parameter)
        .toList();
  }

  /**
   * Gradients of a loss, as the model is at evaluation: without dropout, and with the running
   * statistics of batch normalisation.
   *
   * @param x as in {@link #logProbabilities}
   * @param parameters those of DJL's parameters that the gradients are with respect to
   * @param loss makes one number of the log-probabilities (batch, classes), in operations that have
   *     gradients
   * @return one gradient for each parameter, of its shape; held by the manager of {@code x}
   */
  public NDList gradients(NDList x, List<Parameter> parameters, UnaryOperator<NDArray> loss) {
    NDManager owner = Inputs.manager(x);
    List<NDArray> arrays = parameters.stream().map(Parameter::getArray).toList();
    try {
      arrays.forEach(array -> array.setRequiresGradient(true));
      return Scoped.compute(owner, () -> gradients(owner, x, arrays, loss), NDList::new);
    } finally {
      arrays.forEach(array -> array.setRequiresGradient(false));
    }
  }

  private NDList gradients(
      NDManager owner, NDList x, List<NDArray> parameters, UnaryOperator<NDArray> loss) {
    ParameterStore store = new ParameterStore(owner, false);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      Steps steps = steps(store, x, false);
      for (SsmLayer layer : layers) {
        Interruption.check("the gradient");
        NDList mask = steps.inputs().subNDList(1);
        steps = steps.after(layer.differentiable(store, steps.features(), mask));
      }
      collector.backward(loss.apply(decode(store, steps, false)));
      NDList gradients = new NDList();
      for (NDArray parameter : parameters) {
        NDArray gradient = parameter.getGradient();
        gradients.add(gradient.duplicate());
        // The engine would add the next one to it.
        gradient.subi(gradient);
      }
      return gradients;
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> arguments) {
    Steps steps = steps(store, inputs, training);
    long sequences = steps.features().getShape().get(1);
    require(
        !config.documentPairs() || sequences % 2 == 0,
        "x: expected an even number of sequences, first and then second documents, got %s",
        sequences);
    for (SsmLayer layer : layers) {
      Interruption.check("the pass through the layers");
      steps = steps.after(SsmLayer.apply(layer, store, steps.inputs(), training));
    }
    return new NDList(decode(store, steps, training));
  }

  private NDArray decode(ParameterStore store, Steps steps, boolean training) {
    NDArray pooled = config.pooling().of(steps.features(), steps.padding(), steps.layout());
    NDArray scores = decoder.forward(store, new NDList(pooled), training).singletonOrThrow();
    return scores.logSoftmax(-1);
  }

  /**
   * What layers hand on.
   *
   * @param features shape (L, batch, h), in the layout's order
   * @param masked whether layers are told of the padding
   */
  private record Steps(
      NDArray features, TimeLayout layout, Optional<Padding> padding, boolean masked) {
    /** What a layer is given. */
    NDList inputs() {
      NDList inputs = new NDList(features);
      padding.filter(p -> masked).ifPresent(p -> inputs.add(p.mask()));
      return inputs;
    }

    Steps after(NDArray output) {
      return new Steps(output, layout, padding, masked);
    }
  }

  /** What the encoder makes of inputs. */
  private Steps steps(ParameterStore store, NDList x, boolean training) {
    Inputs inputs = Inputs.of(config, x, type());
    NDArray sequences = inputs.features();
    TimeLayout layout = layout(sequences);
    NDArray arranged = layout.arrange(sequences);
    NDArray features = encoder.forward(store, new NDList(arranged), training).singletonOrThrow();
    return steps(features, layout, inputs.lengths(), training);
  }

  private Steps steps(
      NDArray features, TimeLayout layout, Optional<NDArray> lengths, boolean training) {
    Optional<Padding> padding =
        lengths.map(ends -> Padding.of(ends, layout, features.getDataType()));
    // Scans in the direction of time have passed the steps that count before they see others.
    boolean masked = config.maskPadding() && (config.bidirectional() || training);
    return new Steps(features, layout, padding, masked);
  }

  /** The order in which the systems want the steps of sequences (batch, L, …). */
  private TimeLayout layout(NDArray sequences) {
    return layers.get(0).ssm.layout((int) sequences.getShape().get(1));
  }

  /**
   * Draws from the engine's generator what dropout draws in a training pass, and forgets it: a
   * training that goes on in the middle comes so to where it was.
   *
   * @param samples how many are in the batch
   */
  public void drawDropout(int samples) {
    long sequences = (config.documentPairs() ? 2L : 1L) * samples;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      layers.forEach(layer -> layer.drawDropout(manager, type(), sequences));
    }
  }

  /**
   * Where the numbers of a pass at evaluation begin not to be finite.
   *
   * @param x as in {@link #logProbabilities}
   * @return "encoder", the first such layer, as "layers_2", or "decoder"; nothing if all are finite
   */
  public Optional<String> firstNotFinite(NDList x) {
    NDManager owner = Inputs.manager(x);
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      ParameterStore store = new ParameterStore(owner, false);
      Steps steps = steps(store, x, false);
      if (!ComplexArray.isFinite(steps.features())) {
        return Optional.of("encoder");
      }
      for (int i = 0; i < layers.size(); i++) {
        steps = steps.after(SsmLayer.apply(layers.get(i), store, steps.inputs(), false));
        if (!ComplexArray.isFinite(steps.features())) {
          return Optional.of("layers_" + i);
        }
      }
      boolean finite = ComplexArray.isFinite(decode(store, steps, false));
      return finite ? Optional.empty() : Optional.of("decoder");
    }
  }

  private DataType type() {
    return encoder.getParameters().get("weight").getArray().getDataType();
  }

  /** Tells the children their shapes, as DJL wants before training; the parameters are there. */
  @Override
  protected void initializeChildBlocks(NDManager owner, DataType type, Shape... inputShapes) {
    long batch = inputShapes[0].get(0);
    long length = inputShapes[0].get(1);
    encoder.initialize(owner, type, new Shape(length, batch, config.inputs()));
    Shape steps = new Shape(length, batch, config.channels());
    layers.forEach(layer -> layer.initialize(owner, type, steps));
    decoder.initialize(owner, type, new Shape(batch, config.channels()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long batch = inputShapes[0].get(0) / (config.documentPairs() ? 2 : 1);
    return new Shape[] {new Shape(batch, config.classes())};
  }

  /** Frees the parameters. */
  @Override
  public void close() {
    manager.close();
  }
}
