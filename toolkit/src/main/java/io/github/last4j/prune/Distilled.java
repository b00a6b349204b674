package io.github.last4j.prune;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A pruning after which the whole model teaches the smaller one, on unlabelled sequences: the
 * parameters of the systems descend the mean divergence KL(whole ‖ smaller) of the class
 * probabilities (Hinton, Vinyals and Dean 2015, at temperature 1), by Adam. All else stays,
 * statistics of batch normalisation too, there is no dropout, and real parts of poles are -1e-4 at
 * most. Where the divergence does not end lower than it began, the pruned model is what it was.
 *
 * <p>Balanced reductions may have poles that nearly coincide, between weights that are large and
 * nearly cancel. A small step of such a pole or of its inputs is a large one of the response: steps
 * of Λ, Δ and B of a state are shorter by as much as its ‖C‖‖B̄‖ is above the layer's median.
 *
 * @param title its name in tables and figures
 * @param pruning what is pruned by
 * @param data unlabelled sequences, in batches of some 50; the more, the better: 100 are soon
 *     learnt by heart, 2,000 are not
 * @param rate the peak rate of Adam, which falls to zero along a cosine
 */
public record Distilled(String title, Layerwise pruning, Dataset data, double rate)
    implements Layerwise {
  private static final int STEPS = 300;
  private static final int PASSES = 4;
  private static final double RATE = 0.003;

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if there are no data, or the rate is not positive
   */
  public Distilled {
    requireNonNull(title, "title");
    requireNonNull(pruning, "pruning");
    Moments.requireData(data);
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate: expected a positive number, got " + rate);
    }
  }

  /**
   * The same pruning, and then 300 steps, one a batch, or four passes if those are more.
   *
   * @param data unlabelled sequences, such as {@code digits.asDataset(50)}
   */
  public static Distilled on(Dataset data, Layerwise pruning) {
    return new Distilled(pruning.title() + " + distillation", pruning, data, RATE);
  }

  /** The same by another name. */
  public Distilled titled(String name) {
    return new Distilled(name, pruning, data, rate);
  }

  @Override
  public Prepared prepare(SequenceClassifier model, long seed) {
    Prepared prepared = pruning.prepare(model, seed);
    Divergence divergence = new Divergence(model, data);
    List<Integer> whole = model.config().pairs();
    return prepared.fitted(
        pruned ->
            pruned.config().pairs().equals(whole) ? copy(pruned) : taught(divergence, pruned));
  }

  private SequenceClassifier taught(Divergence divergence, SequenceClassifier pruned) {
    try (SequenceClassifier learner = copy(pruned);
        NDManager moments = learner.manager().newSubManager()) {
      double before = divergence.of(pruned);
      int batches = divergence.batches();
      int passes = Math.max(PASSES, (STEPS + batches - 1) / batches);
      Adam adam =
          new Adam(
              learner.systemParameters(),
              scales(learner, moments),
              moments,
              rate,
              passes * batches);
      for (int pass = 0; pass < passes; pass++) {
        divergence.forEach((x, logs) -> adam.step(gradients(learner, x, logs)));
      }
      return copy(divergence.of(learner) < before ? learner : pruned);
    }
  }

  /** Made anew, which checks every parameter. */
  private static SequenceClassifier copy(SequenceClassifier model) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return SequenceClassifier.of(
          model.manager().getParentManager(), model.config(), model.parametersByName(scratch));
    }
  }

  private static NDList gradients(SequenceClassifier learner, NDList x, NDArray logs) {
    UnaryOperator<NDArray> mean =
        learnt -> {
          NDArray taught = logs.toType(learnt.getDataType(), false);
          return taught.exp().mul(taught.sub(learnt)).sum(new int[] {1}).mean();
        };
    return learner.gradients(x, learner.systemParameters(), mean);
  }

  /** For each of the parameters what its steps are multiplied by. */
  private static NDList scales(SequenceClassifier learner, NDManager owner) {
    NDList scales = new NDList();
    int layers = learner.config().layers();
    int perLayer = learner.systemParameters().size() / layers;
    for (int l = 0; l < layers; l++) {
      double[] shares = shares(learner, l);
      for (Parameter parameter :
          learner.systemParameters().subList(l * perLayer, (l + 1) * perLayer)) {
        Shape shape = parameter.getArray().getShape();
        if (parameter.getName().startsWith("C") || parameter.getName().equals("D")) {
          scales.add(owner.create(1f));
        } else if (shape.get(0) == shares.length) {
          long[] one = new long[shape.dimension()];
          Arrays.fill(one, 1);
          one[0] = shares.length;
          scales.add(owner.create(shares).toType(DataType.FLOAT32, false).reshape(one));
        } else {
          // A step of a channel is one of all of its states.
          scales.add(owner.create((float) Arrays.stream(shares).min().orElseThrow()));
        }
      }
    }
    return scales;
  }

  /** The median of ‖C‖‖B̄‖ over a layer's states by each one's, at most one. */
  private static double[] shares(SequenceClassifier learner, int layer) {
    try (NDManager scratch = learner.manager().newSubManager()) {
      DiscreteSsm system = learner.discreteSystem(scratch, layer);
      double[] margins = ComplexArray.doubles(system.margin());
      double[] logs = StateNorms.logHinf(system);
      double[] gains = new double[logs.length];
      Arrays.setAll(gains, i -> logs[i] + Math.log(margins[i]));
      double median = Arrays.stream(gains).sorted().toArray()[gains.length / 2];
      return Arrays.stream(gains).map(gain -> Math.min(1, Math.exp(median - gain))).toArray();
    }
  }

  /** Adam (Kingma and Ba 2015) in place, its rate falling to zero along a cosine. */
  private static final class Adam {
    private static final double FIRST = 0.9;
    // Some hundred steps: a longer memory would be of the beginning.
    private static final double SECOND = 0.99;
    private static final double EPSILON = 1e-8;
    // A step may carry a pole over the imaginary axis where the model does not clip it.
    private static final String REAL_PARTS = "Lambda_re";
    private static final double LARGEST_REAL_PART = -1e-4;

    private final List<Parameter> parameters;
    private final NDList scales;
    private final NDList means = new NDList();
    private final NDList squares = new NDList();
    private final double rate;
    private final int steps;
    private int step;

    Adam(List<Parameter> parameters, NDList scales, NDManager owner, double rate, int steps) {
      this.parameters = parameters;
      this.scales = scales;
      this.rate = rate;
      this.steps = steps;
      for (Parameter parameter : parameters) {
        NDArray array = parameter.getArray();
        means.add(owner.zeros(array.getShape(), array.getDataType()));
        squares.add(owner.zeros(array.getShape(), array.getDataType()));
      }
    }

    void step(NDList gradients) {
      double now = rate * (1 + Math.cos(Math.PI * step / steps)) / 2;
      step++;
      double unbiasedMean = 1 - Math.pow(FIRST, step);
      double unbiasedSquare = 1 - Math.pow(SECOND, step);
      for (int i = 0; i < parameters.size(); i++) {
        NDArray gradient = gradients.get(i);
        NDArray mean = means.get(i);
        NDArray square = squares.get(i);
        mean.muli(FIRST).addi(gradient.mul(1 - FIRST));
        square.muli(SECOND).addi(gradient.square().mul(1 - SECOND));
        NDArray scale = square.div(unbiasedSquare).sqrt().add(EPSILON);
        NDArray array = parameters.get(i).getArray();
        array.subi(mean.mul(now / unbiasedMean).div(scale).mul(scales.get(i)));
        if (parameters.get(i).getName().equals(REAL_PARTS)) {
          array.subi(array.sub(LARGEST_REAL_PART).maximum(0));
        }
      }
    }
  }
}
