package io.github.last4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import java.util.Locale;

/** The sum of |λ̄| of all states, which is 1 less the margins that discretisation gives exactly. */
record RadiusPenalty(double weight) implements Penalty {
  RadiusPenalty {
    Penalty.requireWeight(weight);
  }

  @Override
  public String title() {
    return String.format(Locale.ROOT, "|λ̄| × %s", weight);
  }

  @Override
  public Term of(SequenceClassifier model, NDManager owner) {
    return () -> {
      NDArray sum = null;
      for (int l = 0; l < model.config().layers(); l++) {
        NDArray radii = model.differentiableSystem(l).margin().neg().add(1).sum();
        sum = sum == null ? radii : sum.add(radii);
      }
      return ComplexArray.mul(sum, weight);
    };
  }
}
