package io.github.last4j.bound;

import ai.djl.ndarray.NDArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The model of App. B: layers that start from rest, each followed by a nonlinearity σ, and nothing
 * else.
 *
 * @param layers as many outputs of each as the next has inputs
 * @param nonlinearity σ
 */
public record PlainStack(List<DiscreteSsm> layers, Nonlinearity nonlinearity) {
  /** Copies the list. */
  public PlainStack {
    layers = List.copyOf(layers);
  }

  /**
   * All signals of one run.
   *
   * @param x what goes into each layer and, as one more, what comes out after the last σ
   * @param y what comes out of each layer before σ
   */
  public record Run(List<NDArray> x, List<NDArray> y) {
    /** Copies the lists. */
    public Run {
      x = List.copyOf(x);
      y = List.copyOf(y);
    }

    /** What comes out after the last σ. */
    public NDArray output() {
      return x.get(x.size() - 1);
    }
  }

  /**
   * Runs the stack on real inputs.
   *
   * @param u shape (batch, L, inputs), float64
   * @return signals of the same batch and steps, held by the manager of u
   * @throws IllegalArgumentException if a shape or the dtype does not fit
   */
  public Run run(NDArray u) {
    List<NDArray> x = new ArrayList<>(List.of(u));
    List<NDArray> y = new ArrayList<>();
    for (DiscreteSsm layer : layers) {
      y.add(layer.output(x.get(x.size() - 1)));
      x.add(nonlinearity.apply(y.get(y.size() - 1)));
    }
    return new Run(x, y);
  }

  /**
   * The stack that some of the states make.
   *
   * @param states those that stay, at least one a layer
   * @throws IllegalArgumentException if the states are those of other layers, or a layer has none
   */
  public PlainStack keep(States states) {
    states.requireSurvivors("states", layers.stream().map(DiscreteSsm::states).toList());
    return new PlainStack(
        IntStream.range(0, layers.size())
            .mapToObj(l -> layers.get(l).keep(states.layer(l)))
            .toList(),
        nonlinearity);
  }
}
