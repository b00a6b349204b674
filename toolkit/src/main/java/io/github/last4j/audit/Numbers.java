package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Named numbers within bounds. */
record Numbers(List<Range> ranges) implements Domain<double[]> {
  /** One complex pole and a time step. */
  static final Numbers POLE =
      of(new Range("Re λ", -5, -0.01), new Range("Im λ", 0, 50), new Range("Δ", 0.0005, 0.5));

  /** Nothing to choose. */
  static final Numbers NONE = of();

  /** A number from low to high. */
  record Range(String name, double low, double high) {}

  static Numbers of(Range... ranges) {
    return new Numbers(List.of(ranges));
  }

  @Override
  public int dimension() {
    return ranges.size();
  }

  @Override
  public double[] natural(double[] free) {
    double[] natural = new double[free.length];
    for (int i = 0; i < free.length; i++) {
      Range range = ranges.get(i);
      natural[i] = range.low() + (range.high() - range.low()) * Domain.logistic(free[i]);
    }
    return natural;
  }

  @Override
  public boolean contains(double[] natural) {
    for (int i = 0; i < natural.length; i++) {
      if (!(natural[i] >= ranges.get(i).low() && natural[i] <= ranges.get(i).high())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String show(double[] natural) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < natural.length; i++) {
      parts.add(ranges.get(i).name() + " = " + Domain.number(natural[i]));
    }
    return String.join(", ", parts);
  }

  @Override
  public double measure(ToDoubleFunction<double[]> ratio, double[] natural, NDManager manager) {
    return ratio.applyAsDouble(natural);
  }

  @Override
  public Optional<ToDoubleFunction<Sample>> onLayers(ToDoubleFunction<double[]> ratio) {
    return Optional.empty();
  }
}
