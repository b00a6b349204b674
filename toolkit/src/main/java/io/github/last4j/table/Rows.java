package io.github.last4j.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table that is made row by row.
 *
 * <pre>{@code
 * Rows.of("accuracies", "method", "accuracy (%)").add("LAST", 97.3).add("Random", 24.8).table()
 * }</pre>
 *
 * <p>A column has the type that holds all its values: boolean, int, long, double, or text, which
 * shows what is nothing else.
 */
public final class Rows {
  private final String title;
  private final List<String> columns;
  private final List<List<Object>> rows = new ArrayList<>();

  private Rows(String title, List<String> columns) {
    this.title = title;
    this.columns = columns;
  }

  /** A table without rows. */
  public static Rows of(String title, String... columns) {
    return new Rows(title, List.of(columns));
  }

  /** The same table, still without rows, with more columns to the right. */
  public Rows and(Collection<String> more) {
    if (!rows.isEmpty()) {
      throw new IllegalStateException("rows: expected none before all columns, got " + rows.size());
    }
    return new Rows(title, Stream.concat(columns.stream(), more.stream()).toList());
  }

  /**
   * Adds a row at the end.
   *
   * @param values one a column; a collection or an array of doubles stands for its elements, null
   *     and NaN for a missing value
   * @return this
   * @throws IllegalArgumentException if there are more or less values than columns
   */
  public Rows add(Object... values) {
    List<Object> row = Arrays.stream(values).<Object>flatMap(Rows::elements).toList();
    if (row.size() != columns.size()) {
      throw new IllegalArgumentException(
          "values: expected " + columns.size() + ", one for each of " + columns + ", got " + row);
    }
    rows.add(row);
    return this;
  }

  private static Stream<?> elements(Object value) {
    if (value instanceof Collection<?> values) {
      return values.stream();
    }
    return value instanceof double[] values
        ? Arrays.stream(values).boxed()
        : Stream.of(new Object[] {value});
  }

  /** The table of the rows so far. */
  public Table table() {
    Tablesaw.ready();
    Table table = Table.create(title);
    for (int i = 0; i < columns.size(); i++) {
      int at = i;
      List<Object> values = new ArrayList<>();
      rows.forEach(row -> values.add(row.get(at)));
      table.addColumns(column(columns.get(i), values));
    }
    return table;
  }

  private static Column<?> column(String name, List<Object> values) {
    ColumnType type =
        are(values, Boolean.class)
            ? ColumnType.BOOLEAN
            : are(values, Integer.class)
                ? ColumnType.INTEGER
                : are(values, Integer.class, Long.class)
                    ? ColumnType.LONG
                    : are(values, Number.class) ? ColumnType.DOUBLE : ColumnType.STRING;
    Column<?> column = type.create(name);
    for (Object value : values) {
      if (type.equals(ColumnType.LONG) && value != null) {
        column.appendObj(((Number) value).longValue());
      } else if (type.equals(ColumnType.DOUBLE) && value != null) {
        column.appendObj(((Number) value).doubleValue());
      } else if (type.equals(ColumnType.STRING) && value != null) {
        column.appendObj(value.toString());
      } else {
        column.appendObj(value);
      }
    }
    return column;
  }

  /** Whether there are values, and all are of these classes or missing. */
  private static boolean are(List<Object> values, Class<?>... classes) {
    List<Object> there = values.stream().filter(value -> value != null).toList();
    return !there.isEmpty()
        && there.stream()
            .allMatch(value -> Arrays.stream(classes).anyMatch(c -> c.isInstance(value)));
  }
}
