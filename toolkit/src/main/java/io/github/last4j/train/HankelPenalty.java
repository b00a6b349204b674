package io.github.last4j.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.norm.HankelNuclearNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The Hankel nuclear norm of all layers, with balancing vectors of some steps ago. */
record HankelPenalty(double weight, int every) implements Penalty {
  HankelPenalty {
    Penalty.requireWeight(weight);
    if (every < 1) {
      throw new IllegalArgumentException("every: expected at least one step, got " + every);
    }
  }

  @Override
  public String title() {
    return String.format(Locale.ROOT, "Hankel × %s every %d", weight, every);
  }

  @Override
  public Term of(SequenceClassifier model, NDManager owner) {
    return new Vectors(model, owner);
  }

  /** Balancing vectors, and how many steps they have served. */
  private final class Vectors implements Term {
    private final SequenceClassifier model;
    private final NDManager owner;
    private NDManager current;
    private List<HankelNuclearNorm> layers;
    private int served;

    Vectors(SequenceClassifier model, NDManager owner) {
      this.model = model;
      this.owner = owner;
    }

    @Override
    public NDArray value() {
      if (served++ % every == 0) {
        balance();
      }
      NDArray sum = null;
      for (int l = 0; l < layers.size(); l++) {
        NDArray norm = layers.get(l).of(model.differentiableSystem(l));
        sum = sum == null ? norm : sum.add(norm);
      }
      return ComplexArray.mul(sum, weight);
    }

    private void balance() {
      if (current != null) {
        current.close();
      }
      current = owner.newSubManager();
      layers = new ArrayList<>();
      try (NDManager scratch = owner.newSubManager()) {
        for (int l = 0; l < model.config().layers(); l++) {
          layers.add(HankelNuclearNorm.at(current, model.discreteSystem(scratch, l)));
        }
      }
    }
  }
}
