package io.github.last4j.lab;

import io.github.last4j.notebook.Html;
import io.github.last4j.notebook.Shown;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How far a student is in a lab.
 *
 * @param lab its name
 * @param exercises the latest feedback to each, in order; one without an answer has no points
 */
public record Standing(String lab, List<Feedback> exercises) implements Shown {
  /** Takes a copy of the list. */
  public Standing {
    exercises = List.copyOf(exercises);
  }

  /** The points of all answers. */
  public double points() {
    return exercises.stream().mapToDouble(Feedback::points).sum();
  }

  /** The points of a lab without a mistake, less those for answers in words. */
  public double possible() {
    return exercises.stream().mapToDouble(Feedback::possible).sum();
  }

  private String heading() {
    return lab + ": " + Text.number(points()) + " of " + Text.number(possible()) + " points";
  }

  @Override
  public String text() {
    return exercises.stream()
        .map(Feedback::text)
        .collect(Collectors.joining("\n", heading() + "\n", ""));
  }

  @Override
  public String html() {
    return exercises.stream()
        .map(Feedback::html)
        .collect(
            Collectors.joining("", "<p><strong>" + Html.escape(heading()) + "</strong></p>", ""));
  }

  @Override
  public String toString() {
    return text();
  }
}
