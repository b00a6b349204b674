package io.github.last4j.prune;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.model.LayerTrace;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.LossOrder.Choice;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Chooses the states of each layer by the loss of all that are removed from it together. Losses of
 * different layers are not compared: how many states a layer keeps is decided by another selection.
 *
 * @param title its name in tables and figures
 * @param losses one for each layer of a model
 * @param order how states are chosen by a loss, such as {@code LossOrder::greedy}
 * @param counts decides how many states each layer keeps
 */
public record ByLoss(
    String title,
    Function<SequenceClassifier, List<Loss>> losses,
    Function<Loss, List<Choice>> order,
    Selection counts)
    implements Selection {
  /** By {@link Loss#worstCase}, the same share from every layer. */
  public static ByLoss worstCase(String title, Function<Loss, List<Choice>> order) {
    return new ByLoss(title, ByLoss::worstCases, order, Criterion.UNIFORM_HINF);
  }

  /**
   * By {@link Loss#onInputs} of what each layer sees of unlabelled sequences, the same share from
   * every layer.
   *
   * @param data sequences of one length
   */
  public static ByLoss onInputs(String title, Function<Loss, List<Choice>> order, Dataset data) {
    return new ByLoss(title, model -> onInputs(model, data), order, Criterion.UNIFORM_HINF);
  }

  /** The same, keeping as many states of each layer as another selection does. */
  public ByLoss withCountsOf(Selection selection) {
    return new ByLoss(title, losses, order, selection);
  }

  @Override
  public DoubleFunction<States> choices(SequenceClassifier model, long seed) {
    DoubleFunction<States> numbers = counts.choices(model, seed);
    List<List<Choice>> layers = losses.apply(model).stream().map(order).toList();
    return ratio -> {
      List<StateSet> kept = new ArrayList<>();
      for (StateSet as : numbers.apply(ratio).layers()) {
        int removed = as.states() - as.count();
        kept.add(layers.get(kept.size()).get(removed).removed().complement());
      }
      return new States(kept);
    };
  }

  private static List<Loss> worstCases(SequenceClassifier model) {
    try (NDManager scratch = model.manager().newSubManager()) {
      return model.discreteSystems(scratch).stream().map(Loss::worstCase).toList();
    }
  }

  private static List<Loss> onInputs(SequenceClassifier model, Dataset data) {
    List<LayerTrace> traces = model.trace(data);
    try (NDManager scratch = model.manager().newSubManager()) {
      List<DiscreteSsm> systems = model.discreteSystems(scratch);
      return IntStream.range(0, systems.size())
          .mapToObj(l -> Loss.onInputs(systems.get(l), traces.get(l).normalized()))
          .toList();
    } finally {
      traces.forEach(LayerTrace::close);
    }
  }
}
