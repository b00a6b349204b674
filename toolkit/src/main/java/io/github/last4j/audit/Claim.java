package io.github.last4j.audit;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One equation or one step of a proof, as something that can be measured. It is written as a
 * sentence: {@code printed("2", "Sec. 2.3", "‖y‖² ≤ ‖G‖∞²‖u‖²").on(PAIR).atMost(left, right)}.
 *
 * @param <T> what it speaks about
 * @param statement what it says
 * @param domains what it is searched on, from the smallest to the largest
 * @param relation between its left and its right side
 * @param ratio of the sides; not a number where the claim says nothing
 * @param repair what is true instead, if it is not
 * @param seen the ratio on given layers and inputs, where the claim is about other things
 */
record Claim<T>(
    Statement statement,
    List<Domain<T>> domains,
    Relation relation,
    ToDoubleFunction<T> ratio,
    Optional<Repair<T>> repair,
    Optional<ToDoubleFunction<Sample>> seen) {

  /**
   * What is claimed.
   *
   * @param kind whose claim it is
   * @param id its number in the paper, or the appendix and a letter
   * @param place where it stands
   * @param text left and right side
   */
  record Statement(Kind kind, String id, String place, String text) {
    /** About what, from the smallest to the largest. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final <T> Subject<T> on(Domain<T>... domains) {
      return new Subject<>(this, List.of(domains));
    }
  }

  /** A statement about something, which lacks its measure. */
  record Subject<T>(Statement statement, List<Domain<T>> domains) {
    /** Both sides are equal; the ratio is that of the larger to the smaller. */
    Claim<T> equal(ToDoubleFunction<T> ratio) {
      return claim(Relation.EQUAL, ratio);
    }

    Claim<T> equal(ToDoubleFunction<T> left, ToDoubleFunction<T> right) {
      return equal(Relation.EQUAL.ratio(left, right));
    }

    /** The left side is at most the right side. */
    Claim<T> atMost(ToDoubleFunction<T> ratio) {
      return claim(Relation.AT_MOST, ratio);
    }

    Claim<T> atMost(ToDoubleFunction<T> left, ToDoubleFunction<T> right) {
      return atMost(Relation.AT_MOST.ratio(left, right));
    }

    /** A size is below one. */
    Claim<T> below(ToDoubleFunction<T> size) {
      return claim(Relation.BELOW, size);
    }

    private Claim<T> claim(Relation relation, ToDoubleFunction<T> ratio) {
      return new Claim<>(statement, domains, relation, ratio, Optional.empty(), Optional.empty());
    }
  }

  /**
   * What is true where the claim is not.
   *
   * @param statement the true statement
   * @param constant the factor on the right side with which the claim holds, if that is the repair
   * @param ratio of its sides
   */
  record Repair<T>(String statement, Optional<Double> constant, ToDoubleFunction<T> ratio) {}

  static Statement printed(String id, String place, String text) {
    return new Statement(Kind.PRINTED, id, place, text);
  }

  static Statement aside(String id, String place, String text) {
    return new Statement(Kind.ASIDE, id, place, text);
  }

  static Statement reading(String id, String place, String text) {
    return new Statement(Kind.READING, id, place, text);
  }

  static Statement ours(String id, String place, String text) {
    return new Statement(Kind.OURS, id, place, text);
  }

  /** The claim with a factor on its right side that repairs it. */
  Claim<T> upTo(double factor, String text) {
    return with(
        new Repair<>(text, Optional.of(factor), point -> ratio.applyAsDouble(point) / factor));
  }

  /** The claim with another statement that repairs it. */
  Claim<T> repaired(String text, ToDoubleFunction<T> repairedRatio) {
    return with(new Repair<>(text, Optional.empty(), repairedRatio));
  }

  /** The claim with other sides that repair it. */
  Claim<T> repaired(String text, ToDoubleFunction<T> left, ToDoubleFunction<T> right) {
    return repaired(text, relation.ratio(left, right));
  }

  private Claim<T> with(Repair<T> found) {
    return new Claim<>(statement, domains, relation, ratio, Optional.of(found), seen);
  }

  /** The claim with a way to see it on layers. */
  Claim<T> seen(ToDoubleFunction<Sample> ratioOnLayers) {
    return new Claim<>(statement, domains, relation, ratio, repair, Optional.of(ratioOnLayers));
  }

  /** How it is measured on layers, where it can be. */
  Optional<ToDoubleFunction<Sample>> onLayers() {
    return seen.or(() -> largest().onLayers(ratio));
  }

  /** Whether it speaks about layers such as these: one or several, of one direction or of two. */
  boolean isAbout(Sample sample) {
    return sample.isStacked() == domains.stream().anyMatch(Domain::stacked)
        && sample.isBidirectional() == domains.stream().anyMatch(Domain::bidirectional);
  }

  /** The largest domain. */
  Domain<T> largest() {
    return domains.get(domains.size() - 1);
  }
}
