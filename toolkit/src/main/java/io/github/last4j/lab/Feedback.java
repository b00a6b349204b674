package io.github.last4j.lab;

import io.github.last4j.notebook.Html;
import io.github.last4j.notebook.Shown;
import java.util.OptionalDouble;

/**
 * What a check says about an answer.
 *
 * @param exercise its number, such as "3.2"
 * @param points that the answer has
 * @param possible the points of a right answer
 * @param hint what there is to say: what is wrong, or what the answer shows
 * @param score what a leaderboard ranks, where the exercise has one
 */
public record Feedback(
    String exercise, double points, double possible, String hint, OptionalDouble score)
    implements Shown {

  /** Whether the answer is right, at least in part. */
  public boolean passed() {
    return points > 0;
  }

  private String heading() {
    return exercise
        + (passed() ? " passed, " : " not yet, ")
        + Text.number(points)
        + " of "
        + Text.number(possible)
        + " points";
  }

  @Override
  public String text() {
    return heading() + (hint.isEmpty() ? "" : ": " + hint);
  }

  @Override
  public String html() {
    String color = passed() ? "#1a7f37" : "#9a6700";
    return "<div style=\"border-left:4px solid "
        + color
        + ";padding:4px 10px\"><strong>"
        + (passed() ? "✓ " : "○ ")
        + Html.escape(heading())
        + "</strong><br>"
        + Html.escape(hint)
        + "</div>";
  }

  @Override
  public String toString() {
    return text();
  }
}
