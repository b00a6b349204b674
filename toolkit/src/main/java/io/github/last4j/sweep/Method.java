package io.github.last4j.sweep;

import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.ZeroedPole;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A way to prune a model: what the rows of the paper's tables differ in. */
public sealed interface Method {
  /** Its name in tables and figures. */
  String title();

  /**
   * Removes whole states.
   *
   * @param criterion how they are chosen
   */
  record States(Criterion criterion) implements Method {
    @Override
    public String title() {
      return criterion.title();
    }
  }

  /**
   * Sets single elements of Λ, B and C to zero, drawn at random (App. D.1); S5 only. All states
   * stay.
   *
   * @param title its name in tables and figures
   * @param pole what a pole that is drawn becomes
   */
  record Elements(String title, ZeroedPole pole) implements Method {}

  /** Methods that remove states. */
  static List<Method> of(List<Criterion> criteria) {
    return criteria.stream().map(States::new).collect(Collectors.toUnmodifiableList());
  }

  /** All that the paper compares on S5: unstructured pruning of Table 5, criteria of Table 6. */
  static List<Method> ofS5() {
    List<Method> methods = new ArrayList<>();
    methods.add(new Elements("Unstructured random", ZeroedPole.FORGETS));
    methods.add(new Elements("Unstructured random (λ = 0)", ZeroedPole.INTEGRATES));
    methods.addAll(of(Criterion.TABLE_6));
    methods.add(new States(Criterion.LAST.asReleased()));
    return List.copyOf(methods);
  }

  /** The criteria of Table 6, which are defined for S4D too. */
  static List<Method> ofS4d() {
    return of(Criterion.TABLE_6);
  }
}
