package io.github.last4j.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table as a notebook shows it: all of a short one, first and last rows of a long one; numbers
 * set right, with six significant digits.
 */
record TableView(
    String title, int rows, List<String> names, List<Boolean> right, List<Line> lines) {
  /** Up to this many rows a table is shown whole. */
  private static final int WHOLE = 30;

  private static final int HEAD = 20;
  private static final int TAIL = 5;

  /** One row; {@code gap} says that rows before it are left out. */
  record Line(List<String> cells, boolean gap) {}

  static TableView of(Table table) {
    int rows = table.rowCount();
    boolean whole = rows <= WHOLE;
    IntStream shown =
        whole
            ? IntStream.range(0, rows)
            : IntStream.concat(IntStream.range(0, HEAD), IntStream.range(rows - TAIL, rows));
    List<Boolean> right = table.columns().stream().map(NumericColumn.class::isInstance).toList();
    List<Line> lines =
        shown
            .mapToObj(
                i ->
                    new Line(
                        table.columns().stream().map(c -> cell(c, i)).toList(),
                        !whole && i == rows - TAIL))
            .toList();
    String title = table.name() == null ? "" : table.name();
    return new TableView(title, rows, table.columnNames(), right, lines);
  }

  String text() {
    List<List<String>> all = new ArrayList<>();
    all.add(names);
    for (Line line : lines) {
      if (line.gap()) {
        all.add(names.stream().map(name -> "…").toList());
      }
      all.add(line.cells());
    }
    String heading = title.isEmpty() ? "" : title + "\n";
    return heading + Html.aligned(all, right) + (lines.size() < rows ? "\n" + size() : "");
  }

  String html() {
    StringBuilder html = new StringBuilder("<table>");
    if (!title.isEmpty()) {
      html.append("<caption>").append(Html.escape(title)).append("</caption>");
    }
    html.append("<thead>").append(row("th", names)).append("</thead><tbody>");
    for (Line line : lines) {
      if (line.gap()) {
        html.append(row("td", names.stream().map(name -> "…").toList()));
      }
      html.append(row("td", line.cells()));
    }
    html.append("</tbody></table>");
    return html + (lines.size() < rows ? "<p>" + size() + "</p>" : "");
  }

  private String size() {
    return rows + " rows × " + names.size() + " columns";
  }

  private String row(String tag, List<String> cells) {
    return IntStream.range(0, cells.size())
        .mapToObj(
            j ->
                String.format(
                    Locale.ROOT,
                    "<%s style=\"text-align:%s\">%s</%s>",
                    tag,
                    right.get(j) ? "right" : "left",
                    Html.escape(cells.get(j)),
                    tag))
        .collect(Collectors.joining("", "<tr>", "</tr>"));
  }

  private static String cell(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    Object value = column.get(row);
    if (value instanceof Double || value instanceof Float) {
      return number(((Number) value).doubleValue());
    }
    // Tablesaw writes whole numbers with the digits of the country.
    return value instanceof Number ? value.toString() : column.getString(row);
  }

  /** Six significant digits, without zeros at the end. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e7) {
      return Long.toString((long) value);
    }
    if (size >= 1e7 || size < 1e-4) {
      return String.format(Locale.ROOT, "%.5e", value).replaceFirst("\\.?0+e", "e");
    }
    int decimals = Math.max(0, 5 - (int) Math.floor(Math.log10(size)));
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return text.indexOf('.') < 0 ? text : text.replaceFirst("\\.?0+$", "");
  }
}
