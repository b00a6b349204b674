package io.github.last4j.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;

/** Columns have the type of their values, and rows their length. */
class RowsTest {
  @Test
  void columnsHaveTheTypeOfTheirValues() {
    Table table =
        Rows.of("kinds", "flag", "int", "long", "double", "mixed", "text", "other")
            .add(true, 1, 1, 1, 1, "a", List.class)
            .add(false, 2, 3_000_000_000L, 0.5, "b", "c", 2)
            .table();
    assertEquals("kinds", table.name());
    assertEquals(
        List.of(
            ColumnType.BOOLEAN,
            ColumnType.INTEGER,
            ColumnType.LONG,
            ColumnType.DOUBLE,
            ColumnType.STRING,
            ColumnType.STRING,
            ColumnType.STRING),
        table.types());
    assertEquals(List.of(1L, 3_000_000_000L), table.longColumn("long").asList());
    assertEquals(List.of(1.0, 0.5), table.doubleColumn("double").asList());
    assertEquals(List.of("1", "b"), table.stringColumn("mixed").asList());
    assertEquals("2", table.getString(1, "other"));
  }

  @Test
  void nullsAndNanAreMissing() {
    Table table =
        Rows.of("", "flag", "int", "long", "double", "text")
            .add(null, null, null, Double.NaN, null)
            .add(true, 1, 1L, 1.5, "a")
            .add(null, null, null, null, null)
            .table();
    for (int i = 0; i < table.columnCount(); i++) {
      assertTrue(table.column(i).isMissing(0), table.column(i).name());
      assertTrue(table.column(i).isMissing(2), table.column(i).name());
      assertTrue(!table.column(i).isMissing(1), table.column(i).name());
    }
  }

  @Test
  void listsAndArraysAreTheirElements() {
    Table table =
        Rows.of("", "name")
            .and(List.of("a", "b", "c"))
            .add("array", new double[] {1, 2, 3})
            .add("list", List.of(4, 5), 6.5)
            .table();
    assertEquals(List.of(1.0, 4.0), table.doubleColumn("a").asList());
    assertEquals(List.of(3.0, 6.5), table.doubleColumn("c").asList());
    assertEquals(0, Rows.of("", "a", "b").table().rowCount());
    assertEquals(2, Rows.of("", "a", "b").table().columnCount());
  }

  @Test
  void badInputIsNamed() {
    Rows rows = Rows.of("", "a", "b");
    String message =
        assertThrows(IllegalArgumentException.class, () -> rows.add(1, 2, 3)).getMessage();
    assertTrue(message.startsWith("values: expected 2"), message);
    rows.add(1, 2);
    assertThrows(IllegalStateException.class, () -> rows.and(List.of("c")));
  }
}
