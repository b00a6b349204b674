package io.github.last4j.io;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The arrays of a foreign model: where they are, and which of them were used. */
final class ForeignTree {
  // Optimisers remember trees of the same names.
  private static final Set<String> NOT_PARAMETERS =
      Set.of("opt_state", "optimizer", "optimizer_state", "batch_stats");

  private final NavigableMap<String, Tensor> arrays;
  private final boolean dots;
  private final Set<String> used = new HashSet<>();
  private final String root;
  private final String stack;
  private final int layers;

  private ForeignTree(
      NavigableMap<String, Tensor> arrays, boolean dots, String root, String stack) {
    this.arrays = arrays;
    this.dots = dots;
    this.root = root;
    this.stack = stack;
    layers = count();
  }

  /**
   * Finds the model in the arrays of a file.
   *
   * @param layers how the names of a layer's arrays may begin, as {@link ForeignProject#layers}
   * @throws IllegalArgumentException if there is none or more than one, or one misses a layer
   */
  static ForeignTree of(Map<String, Tensor> arrays, List<Pattern> layers) {
    boolean slashes = arrays.keySet().stream().anyMatch(name -> name.contains("/"));
    NavigableMap<String, Tensor> named = new TreeMap<>();
    // Names of PyTorch, and of trees that were flattened in its way.
    arrays.forEach((name, array) -> named.put(slashes ? name : name.replace('.', '/'), array));
    Map<String, String> stacks = new LinkedHashMap<>();
    for (String name : named.keySet()) {
      for (Pattern pattern : layers) {
        Matcher layer = pattern.matcher(name);
        if (layer.find()
            && Stream.of(layer.group(1).split("/")).noneMatch(NOT_PARAMETERS::contains)) {
          stacks.putIfAbsent(layer.group(1), layer.group(2));
        }
      }
    }
    int shortest = stacks.keySet().stream().mapToInt(ForeignTree::depth).min().orElse(-1);
    List<String> roots = stacks.keySet().stream().filter(each -> depth(each) == shortest).toList();
    Bytes.require(
        !roots.isEmpty(),
        "expected layers such as params/encoder/layers_0, params/layers_0 or s4_layers.0, got %s",
        named.isEmpty() ? "no arrays" : named.keySet().stream().limit(5).toList());
    Bytes.require(roots.size() == 1, "expected one model, got several: %s", roots);
    return new ForeignTree(named, !slashes, roots.get(0), stacks.get(roots.get(0)));
  }

  private static int depth(String path) {
    return path.split("/", -1).length;
  }

  /** A name as the file has it. */
  String label(String name) {
    return dots ? name.replace('/', '.') : name;
  }

  /** Says what is wrong with an array after its name in the file. */
  void require(boolean condition, String name, String expected, Object got) {
    Bytes.require(condition, "%s: expected %s, got %s", label(name), expected, got);
  }

  /** What names begin with that are beside the stack of layers, such as "params/encoder/". */
  String beside() {
    return root + folder();
  }

  private String folder() {
    return stack.substring(0, stack.lastIndexOf('/') + 1);
  }

  /** What all parameters' names begin with, such as "params/". */
  String root() {
    return root;
  }

  /** The path of a layer, without a slash at its end. */
  String layer(int i) {
    return root + stack + i;
  }

  /** The path of its running statistics, which Flax keeps beside the parameters. */
  String statistics(int i) {
    return outside() + "batch_stats/" + stack + i;
  }

  private String outside() {
    return root.replaceFirst("params/$", "");
  }

  /** The number of layers. */
  int layers() {
    return layers;
  }

  private int count() {
    int count = 0;
    while (hasBelow(layer(count))) {
      count++;
    }
    String prefix = root + stack;
    int last =
        arrays.tailMap(prefix).keySet().stream()
            .takeWhile(name -> name.startsWith(prefix))
            .map(name -> name.substring(prefix.length()).split("/", 2)[0])
            .filter(number -> number.matches("\\d{1,9}"))
            .mapToInt(Integer::parseInt)
            .max()
            .orElse(-1);
    Bytes.require(
        last < count,
        "expected %s, as there is %s, got none",
        label(layer(count)),
        label(layer(last)));
    return count;
  }

  boolean has(String name) {
    return arrays.containsKey(name);
  }

  /** Whether there are names that continue this one after a slash. */
  boolean hasBelow(String name) {
    String next = arrays.ceilingKey(name + "/");
    return next != null && next.startsWith(name + "/");
  }

  void ignore(String name) {
    used.add(name);
  }

  private Tensor array(String name) {
    Tensor array = arrays.get(name);
    Bytes.require(array != null, "expected %s, got none", label(name));
    require(array.shape().size() > 0, name, "numbers", "none: " + array);
    used.add(name);
    return array;
  }

  /** A shape, of which words name the sizes; those that are -1 may be any. */
  Shape shape(String name, String words, long... sizes) {
    Tensor array = array(name);
    Shape shape = array.shape();
    boolean fits = shape.dimension() == sizes.length;
    for (int i = 0; fits && i < sizes.length; i++) {
      fits = sizes[i] < 0 || sizes[i] == shape.get(i);
    }
    require(fits, name, "shape " + words, array);
    return shape;
  }

  /** Finite real numbers that have one of the shapes. */
  double[] real(String name, Shape... shapes) {
    Tensor array = array(name);
    boolean fits = array.type().floating() && List.of(shapes).contains(array.shape());
    require(fits, name, "real floating numbers of shape " + any(shapes), array);
    return finite(name, array);
  }

  /**
   * Finite complex numbers that have one of the shapes, or real ones with another axis of two; the
   * parts by turns.
   */
  double[] complex(String name, Shape... shapes) {
    Tensor array = array(name);
    boolean complex = array.type().complex();
    boolean fits =
        (complex || array.type().floating())
            && Stream.of(shapes)
                .map(shape -> complex ? shape : shape.add(2))
                .anyMatch(array.shape()::equals);
    String expected =
        "complex numbers of shape " + any(shapes) + ", or floating ones with another axis of 2";
    require(fits, name, expected, array);
    return finite(name, array);
  }

  private double[] finite(String name, Tensor array) {
    double[] values = array.toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: expected finite numbers, got %s as number %d of %d in %s",
                label(name),
                values[i],
                i + 1,
                values.length,
                array));
      }
    }
    return values;
  }

  private static String any(Shape... shapes) {
    return String.join(" or ", Stream.of(shapes).map(Shape::toString).toList());
  }

  /** The dtype that holds all numbers that were used. */
  DataType precision() {
    boolean doubles =
        used.stream()
            .filter(this::has)
            .anyMatch(name -> arrays.get(name).type().precision() == DataType.FLOAT64);
    return doubles ? DataType.FLOAT64 : DataType.FLOAT32;
  }

  /** What the model has beside what is known here would be lost, and the model another one. */
  void requireAllUsed() {
    String statistics = outside() + "batch_stats/" + folder();
    // Beside a bare tree of parameters there may be anything.
    List<String> tops = used.stream().map(name -> name.split("\\d*/", 2)[0]).distinct().toList();
    List<String> unknown =
        arrays.keySet().stream()
            .filter(name -> name.startsWith(root) || name.startsWith(statistics))
            .filter(name -> !root.isEmpty() || tops.stream().anyMatch(name::startsWith))
            .filter(name -> !used.contains(name))
            .map(this::label)
            .toList();
    Bytes.require(unknown.isEmpty(), "expected no arrays beside a known model's, got %s", unknown);
  }
}
