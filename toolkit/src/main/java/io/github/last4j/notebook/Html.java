package io.github.last4j.notebook;

import java.util.List;

/** The little HTML that notebook outputs need. */
public final class Html {
  private Html() {}

  /** A text in which no character is markup. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Rows as text, each column as wide as its widest cell and numbers set right. */
  static String aligned(List<List<String>> rows, List<Boolean> right) {
    int[] widths = new int[right.size()];
    for (List<String> row : rows) {
      for (int j = 0; j < right.size(); j++) {
        widths[j] = Math.max(widths[j], width(row.get(j)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < right.size(); j++) {
        String cell = row.get(j);
        String gap = " ".repeat(widths[j] - width(cell));
        line.append(j == 0 ? "" : "  ").append(right.get(j) ? gap + cell : cell + gap);
      }
      text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
    }
    return text.toString();
  }

  /** Columns that a text takes up: combining marks, as in λ̄, take none. */
  private static int width(String text) {
    return (int)
        text.codePoints().filter(c -> Character.getType(c) != Character.NON_SPACING_MARK).count();
  }
}
