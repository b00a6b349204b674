package io.github.last4j.prune;

import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.LossOrder.Choice;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Chooses the states of each layer by the loss of all that are removed from it together. Losses of
 * different layers are not compared: how many states a layer keeps is decided by another selection.
 *
 * @param title its name in tables and figures
 * @param orders for each layer of a model its choices of 0, 1, …, n states to remove
 * @param counts decides how many states each layer keeps
 */
public record ByLoss(
    String title, Function<SequenceClassifier, List<List<Choice>>> orders, Selection counts)
    implements Selection {
  /**
   * Checks that no part is missing.
   *
   * @throws IllegalArgumentException if one is null
   */
  public ByLoss {
    if (title == null || orders == null || counts == null) {
      throw new IllegalArgumentException(
          "title, orders, counts: expected one of each, got "
              + title
              + ", "
              + orders
              + ", "
              + counts);
    }
  }

  /**
   * By {@link Loss#worstCase}, the same share from every layer.
   *
   * @param order how states are chosen by a loss, such as {@code LossOrder::greedy}
   */
  public static ByLoss worstCase(String title, Function<Loss, List<Choice>> order) {
    return by(title, Loss::worstCase, order);
  }

  /**
   * By {@link Loss#onInputs} of what each layer sees of unlabelled sequences, the same share from
   * every layer.
   *
   * @param order how states are chosen by a loss
   * @param data sequences of one length
   */
  public static ByLoss onInputs(String title, Function<Loss, List<Choice>> order, Dataset data) {
    return by(title, model -> Loss.onInputs(model, data), order);
  }

  private static ByLoss by(
      String title,
      Function<SequenceClassifier, List<Loss>> losses,
      Function<Loss, List<Choice>> order) {
    return new ByLoss(
        title, model -> losses.apply(model).stream().map(order).toList(), Criterion.UNIFORM_HINF);
  }

  /** The same, keeping as many states of each layer as another selection does. */
  public ByLoss withCountsOf(Selection selection) {
    return new ByLoss(title, orders, selection);
  }

  @Override
  public Choices choices(SequenceClassifier model, long seed) {
    Choices numbers = counts.choices(model, seed);
    List<List<Choice>> layers = orders.apply(model);
    return new Choices() {
      @Override
      public States at(double ratio) {
        return keeping(numbers.at(ratio).counts());
      }

      @Override
      public States keeping(List<Integer> counts) {
        List<StateSet> kept = new ArrayList<>();
        for (List<Choice> choices : layers) {
          int removed = choices.size() - 1 - counts.get(kept.size());
          kept.add(choices.get(removed).removed().complement());
        }
        return new States(kept);
      }
    };
  }
}
