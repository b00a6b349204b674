package io.github.last4j.notebook;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An array as a notebook shows it: shape, dtype, device, and its values, of a large one those at
 * the edges. Only the values shown are copied from the device.
 */
record NDArrayView(String heading, String values) {
  /** Up to this many values an array is shown whole. */
  private static final int WHOLE = 200;

  /** Values shown at either end of an axis that is cut. */
  private static final int EDGE = 3;

  /** Columns that a line takes up; a longer row goes on below, and no page breaks a number. */
  private static final int COLUMNS = 80;

  static NDArrayView of(NDArray array) {
    if (array.isReleased()) {
      return new NDArrayView("NDArray, closed", "");
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return open(array);
    }
  }

  String text() {
    return values.isEmpty() ? heading : heading + "\n" + values;
  }

  String html() {
    return String.format(
        Locale.ROOT,
        "<div>%s</div>%s",
        Html.escape(heading),
        values.isEmpty()
            ? ""
            : "<pre style=\"font-family:monospace;white-space:pre;overflow-x:auto\">"
                + Html.escape(values)
                + "</pre>");
  }

  private static NDArrayView open(NDArray array) {
    Shape shape = array.getShape();
    if (array.getDataType() == DataType.STRING) {
      return strings(shape, array.toStringArray());
    }
    // DJL reports complex128 as unknown, the only type that it does not know by name.
    boolean complex =
        array.getDataType() == DataType.COMPLEX64 || array.getDataType() == DataType.UNKNOWN;
    String type =
        array.getDataType() == DataType.UNKNOWN
            ? "complex128"
            : array.getDataType().name().toLowerCase(Locale.ROOT);
    String heading = String.format(Locale.ROOT, "NDArray %s %s %s", shape, type, device(array));
    if (shape.size() == 0) {
      return new NDArrayView(heading, "[]");
    }
    NDArray plain = complex ? array.real() : array;
    boolean cut = shape.size() > WHOLE;
    for (int axis = 0; cut && axis < shape.dimension(); axis++) {
      plain = edges(plain, axis);
    }
    String[] cells = complex ? complexCells(plain) : cells(plain);
    return new NDArrayView(heading, layOut(cells, shape, cut));
  }

  /** Strings, of which the engine has no array: it ends the process when asked for their device. */
  private static NDArrayView strings(Shape shape, String[] values) {
    List<String> lines =
        new ArrayList<>(Arrays.asList(values).subList(0, Math.min(WHOLE, values.length)));
    if (lines.size() < values.length) {
      lines.add("…");
    }
    return new NDArrayView("NDArray " + shape + " string", String.join("\n", lines));
  }

  private static String device(NDArray array) {
    return array.getDevice().isGpu() ? "gpu " + array.getDevice().getDeviceId() : "cpu";
  }

  private static boolean isCut(long length) {
    return length > 2 * EDGE + 1;
  }

  private static NDArray edges(NDArray array, int axis) {
    long length = array.getShape().get(axis);
    if (!isCut(length)) {
      return array;
    }
    return slice(array, axis, 0, EDGE).concat(slice(array, axis, length - EDGE, length), axis);
  }

  private static NDArray slice(NDArray array, int axis, long from, long to) {
    NDIndex index = new NDIndex();
    for (int i = 0; i < axis; i++) {
      index.addAllDim();
    }
    return array.get(index.addSliceDim(from, to));
  }

  private static String[] cells(NDArray array) {
    if (array.getDataType() == DataType.BOOLEAN) {
      boolean[] values = array.toBooleanArray();
      String[] cells = new String[values.length];
      Arrays.setAll(cells, i -> Boolean.toString(values[i]));
      return cells;
    }
    if (array.getDataType().isInteger()) {
      return Arrays.stream(array.toType(DataType.INT64, true).toLongArray())
          .mapToObj(Long::toString)
          .toArray(String[]::new);
    }
    return Arrays.stream(doubles(array)).mapToObj(TableView::number).toArray(String[]::new);
  }

  private static String[] complexCells(NDArray pairs) {
    double[] values = doubles(pairs);
    String[] cells = new String[values.length / 2];
    Arrays.setAll(
        cells,
        i -> {
          String imag = TableView.number(values[2 * i + 1]);
          return TableView.number(values[2 * i]) + (imag.startsWith("-") ? "" : "+") + imag + "i";
        });
    return cells;
  }

  private static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, true).toDoubleArray();
  }

  /** The cells in brackets, a row of the last axis on each line, "…" where an axis is cut. */
  private static String layOut(String[] cells, Shape shape, boolean cut) {
    int width = Arrays.stream(cells).mapToInt(String::length).max().orElse(0);
    List<String> parts =
        new ArrayList<>(
            Arrays.stream(cells).map(cell -> " ".repeat(width - cell.length()) + cell).toList());
    int dimensions = shape.dimension();
    if (dimensions == 0) {
      return parts.get(0);
    }
    for (int axis = dimensions - 1; axis >= 0; axis--) {
      boolean gap = cut && isCut(shape.get(axis));
      int length = gap ? 2 * EDGE : (int) shape.get(axis);
      boolean last = axis == dimensions - 1;

      List<String> joined = new ArrayList<>();
      for (int i = 0; i < parts.size(); i += length) {
        List<String> items = new ArrayList<>(parts.subList(i, i + length));
        if (gap) {
          items.add(EDGE, "…");
        }
        joined.add(
            "[" + (last ? row(items) : String.join(",\n", items)).replace("\n", "\n ") + "]");
      }
      parts = joined;
    }
    return parts.get(0);
  }

  /** Values of the last axis, on as many lines as they need. */
  private static String row(List<String> items) {
    StringBuilder row = new StringBuilder(items.get(0));
    int column = items.get(0).length();
    for (String item : items.subList(1, items.size())) {
      column += 2 + item.length();
      boolean fits = column < COLUMNS;
      row.append(fits ? ", " : ",\n").append(item);
      column = fits ? column : item.length();
    }
    return row.toString();
  }
}
