package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a claim speaks about, as numbers that a search can change. */
sealed interface Domain {
  /** How many numbers. */
  int dimension();

  /** Maps unconstrained numbers to numbers of the domain. */
  double[] natural(double[] free);

  /** Whether rounded numbers are still of the domain. */
  boolean contains(double[] natural);

  /** The same made simpler where the domain knows how: a guess, which may be no counterexample. */
  default double[] simpler(double[] natural) {
    return natural;
  }

  /** The numbers with their names, for readers. */
  String show(double[] natural);

  /** Named numbers within bounds. */
  record Numbers(List<Range> ranges) implements Domain {
    /** A number from low to high. */
    record Range(String name, double low, double high) {}

    static Numbers none() {
      return new Numbers(List.of());
    }

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
        natural[i] = range.low() + (range.high() - range.low()) * logistic(free[i]);
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
        parts.add(ranges.get(i).name() + " = " + number(natural[i]));
      }
      return String.join(", ", parts);
    }
  }

  /**
   * Layers of stored pairs and an input.
   *
   * @param layers how many layers, all alike
   * @param pairs stored pairs in each
   * @param channels inputs and outputs of each
   * @param steps the length of the input
   * @param removed how many pairs the first layer loses, the first ones
   * @param bidirectional whether the layers run both ways
   * @param memoryless whether all poles are zero and all numbers real: a layer is then a matrix
   */
  record Systems(
      int layers,
      int pairs,
      int channels,
      int steps,
      int removed,
      boolean bidirectional,
      boolean memoryless)
      implements Domain {
    private static final double LEAST_MARGIN = 0.02;

    Systems(int layers, int pairs, int channels, int steps, int removed, boolean bidirectional) {
      this(layers, pairs, channels, steps, removed, bidirectional, false);
    }

    /** The same with all poles at zero. */
    Systems withoutMemory() {
      return new Systems(layers, pairs, channels, steps, removed, bidirectional, true);
    }

    private int width() {
      return 2 + (bidirectional ? 6 : 4) * channels;
    }

    @Override
    public int dimension() {
      return layers * pairs * width() + steps * channels;
    }

    @Override
    public double[] natural(double[] free) {
      double[] natural = free.clone();
      for (int i = 0; i < layers * pairs; i++) {
        natural[i * width()] = LEAST_MARGIN + (1 - LEAST_MARGIN) * logistic(free[i * width()]);
        natural[i * width() + 1] = Math.PI * logistic(free[i * width() + 1]);
        if (memoryless) {
          natural[i * width()] = 1;
          for (int k = i * width() + 3; k < (i + 1) * width(); k += 2) {
            natural[k] = 0;
          }
        }
      }
      return natural;
    }

    @Override
    public boolean contains(double[] natural) {
      for (int i = 0; i < layers * pairs; i++) {
        double margin = natural[i * width()];
        if (!(margin >= LEAST_MARGIN && margin <= 1)) {
          return false;
        }
      }
      return true;
    }

    /** Real poles, inputs and outputs. */
    @Override
    public double[] simpler(double[] natural) {
      double[] simple = natural.clone();
      for (int i = 0; i < layers * pairs; i++) {
        int at = i * width();
        simple[at + 1] = natural[at + 1] > Math.PI / 2 ? Math.PI : 0;
        for (int k = at + 2; k < at + width(); k += 2) {
          simple[k] = Math.copySign(Math.hypot(natural[k], natural[k + 1]), natural[k]);
          simple[k + 1] = 0;
        }
      }
      return simple;
    }

    Sample sample(NDManager manager, double[] natural) {
      List<DiscreteSsm> systems = new ArrayList<>();
      List<StateSet> kept = new ArrayList<>();
      for (int l = 0; l < layers; l++) {
        systems.add(system(manager, natural, l * pairs * width()));
        int lost = l > 0 ? 0 : removed;
        kept.add(StateSet.where(pairs, i -> i >= lost));
      }
      double[][] input = new double[steps][channels];
      int at = layers * pairs * width();
      for (double[] row : input) {
        for (int k = 0; k < channels; k++) {
          row[k] = natural[at++];
        }
      }
      return new Sample(systems, new States(kept), input);
    }

    private DiscreteSsm system(NDManager manager, double[] natural, int first) {
      double[][] parts = new double[9][];
      for (int p = 0; p < parts.length; p++) {
        parts[p] = new double[p < 3 ? pairs : pairs * channels];
      }
      for (int i = 0; i < pairs; i++) {
        int at = first + i * width();
        double margin = natural[at];
        double angle = natural[at + 1];
        parts[0][i] = (1 - margin) * Math.cos(angle);
        parts[1][i] = (1 - margin) * Math.sin(angle);
        parts[2][i] = margin;
        for (int k = 0; k < channels; k++) {
          int entry = at + 2 + k * (bidirectional ? 6 : 4);
          parts[3][i * channels + k] = natural[entry];
          parts[4][i * channels + k] = natural[entry + 1];
          for (int p = 5; p < (bidirectional ? 9 : 7); p++) {
            parts[p][k * pairs + i] = natural[entry + p - 3];
          }
        }
      }
      Shape inward = new Shape(pairs, channels);
      Shape outward = new Shape(channels, pairs);
      return new DiscreteSsm(
          ComplexArray.of(manager.create(parts[0]), manager.create(parts[1])),
          manager.create(parts[2]),
          ComplexArray.of(manager.create(parts[3], inward), manager.create(parts[4], inward)),
          ComplexArray.of(manager.create(parts[5], outward), manager.create(parts[6], outward)),
          bidirectional
              ? Optional.of(
                  ComplexArray.of(
                      manager.create(parts[7], outward), manager.create(parts[8], outward)))
              : Optional.empty(),
          Optional.empty());
    }

    @Override
    public String show(double[] natural) {
      List<String> parts = new ArrayList<>();
      for (int l = 0; l < layers; l++) {
        for (int i = 0; i < pairs; i++) {
          int at = (l * pairs + i) * width();
          List<String> b = new ArrayList<>();
          List<String> c = new ArrayList<>();
          List<String> back = new ArrayList<>();
          for (int k = 0; k < channels; k++) {
            int entry = at + 2 + k * (bidirectional ? 6 : 4);
            b.add(complex(natural[entry], natural[entry + 1]));
            c.add(complex(natural[entry + 2], natural[entry + 3]));
            if (bidirectional) {
              back.add(complex(natural[entry + 4], natural[entry + 5]));
            }
          }
          parts.add(
              (layers > 1 ? "layer " + (l + 1) + " " : "")
                  + (l == 0 && i < removed ? "removed pair: " : "pair: ")
                  + "|λ̄| = "
                  + number(1 - natural[at])
                  + (natural[at] == 1 || natural[at + 1] == 0
                      ? ""
                      : ", arg λ̄ = " + number(natural[at + 1]))
                  + ", B̄ = "
                  + String.join(" ", b)
                  + ", C = "
                  + String.join(" ", c)
                  + (bidirectional ? ", backward C = " + String.join(" ", back) : ""));
        }
      }
      List<String> u = new ArrayList<>();
      for (int i = layers * pairs * width(); i < natural.length; i++) {
        u.add(number(natural[i]));
      }
      return String.join("; ", parts) + (u.isEmpty() ? "" : "; u = " + String.join(" ", u));
    }
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static String complex(double re, double im) {
    return im == 0
        ? number(re)
        : "(" + number(re) + (im < 0 ? "-" : "+") + number(Math.abs(im)) + "j)";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains("e") ? text : text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }
}
