package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * One equation or one step of a proof, as something that can be measured.
 *
 * @param id its number in the paper, or the appendix and a letter
 * @param place where it stands
 * @param statement what it says, left and right side
 * @param relation between the sides
 * @param constant the factor on the right side with which it holds, if there is one
 * @param repaired the true statement, empty where the printed one holds
 * @param printed the ratio of the sides as printed
 * @param repair the ratio of the sides of the repaired statement, if it is not the constant alone
 * @param domains what it is searched on, from the smallest to the largest
 * @param seen the ratio on given layers and inputs, where the claim is about other things
 */
record Claim(
    String id,
    String place,
    String statement,
    Relation relation,
    Optional<Double> constant,
    String repaired,
    Measure printed,
    Optional<Measure> repair,
    List<Domain> domains,
    Optional<Measure.OfSystems> seen) {

  /** The ratio of two sides. */
  sealed interface Measure {
    /** Of layers and an input; one that tries all subsets of states is for small layers only. */
    record OfSystems(ToDoubleFunction<Sample> ratio, boolean exhaustive) implements Measure {}

    /** Of numbers. */
    record OfNumbers(ToDoubleFunction<double[]> ratio) implements Measure {}
  }

  static Claim of(
      String id,
      String place,
      String statement,
      Relation relation,
      Measure printed,
      Domain... domains) {
    return new Claim(
        id,
        place,
        statement,
        relation,
        Optional.empty(),
        "",
        printed,
        Optional.empty(),
        List.of(domains),
        Optional.empty());
  }

  /** The claim with the constant that repairs it. */
  Claim withConstant(double factor, String statementRepaired) {
    return new Claim(
        id,
        place,
        statement,
        relation,
        Optional.of(factor),
        statementRepaired,
        printed,
        Optional.empty(),
        domains,
        seen);
  }

  /** The claim with another statement that repairs it. */
  Claim withRepair(Measure measure, String statementRepaired) {
    return new Claim(
        id,
        place,
        statement,
        relation,
        Optional.empty(),
        statementRepaired,
        printed,
        Optional.of(measure),
        domains,
        seen);
  }

  /** The claim with a way to see it on layers. */
  Claim withSeen(ToDoubleFunction<Sample> ratio) {
    return new Claim(
        id,
        place,
        statement,
        relation,
        constant,
        repaired,
        printed,
        repair,
        domains,
        Optional.of(new Measure.OfSystems(ratio, false)));
  }

  /** How it is measured on layers, where it can be. */
  Optional<Measure.OfSystems> onLayers() {
    return seen.isPresent() || !(printed instanceof Measure.OfSystems measure)
        ? seen
        : Optional.of(measure).filter(systems -> !systems.exhaustive());
  }

  /** The ratio at a point of a domain. */
  static double ratio(Measure measure, Domain domain, double[] natural, NDManager manager) {
    if (measure instanceof Measure.OfNumbers numbers) {
      return numbers.ratio().applyAsDouble(natural);
    }
    try (NDManager scratch = manager.newSubManager()) {
      return ((Measure.OfSystems) measure)
          .ratio()
          .applyAsDouble(((Domain.Systems) domain).sample(scratch, natural));
    }
  }

  /** The ratio of the repaired statement's sides, where there is one. */
  Optional<Double> repairedRatio(Domain domain, double[] natural, NDManager manager) {
    if (constant.isPresent()) {
      return Optional.of(ratio(printed, domain, natural, manager) / constant.get());
    }
    return repair.map(measure -> ratio(measure, domain, natural, manager));
  }

  /** Whether it speaks about several layers. */
  boolean stacked() {
    return anyDomain(domain -> domain.layers() > 1);
  }

  /** Whether it speaks about bidirectional layers. */
  boolean bidirectional() {
    return anyDomain(Domain.Systems::bidirectional);
  }

  private boolean anyDomain(Predicate<Domain.Systems> property) {
    return domains.stream()
        .anyMatch(domain -> domain instanceof Domain.Systems systems && property.test(systems));
  }
}
