package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The arrays of a foreign model: where they are, and which of them were used. */
final class ForeignTree {
  // The first name in the path of a layer, after whatever holds the parameters.
  private static final Pattern LAYER =
      Pattern.compile("^(|.*?/)(encoder/layers_|layers_|s4_layers/)\\d+/");
  // Optimisers remember trees of the same names.
  private static final Set<String> NOT_PARAMETERS =
      Set.of("opt_state", "optimizer", "optimizer_state", "batch_stats");

  private final NavigableMap<String, Tensor> arrays;
  private final boolean dots;
  private final Set<String> used = new HashSet<>();
  private final String root;
  private final String stack;
  private final String statistics;

  private ForeignTree(
      NavigableMap<String, Tensor> arrays, boolean dots, String root, String stack) {
    this.arrays = arrays;
    this.dots = dots;
    this.root = root;
    this.stack = stack;
    String outside =
        root.endsWith("params/") ? root.substring(0, root.length() - "params/".length()) : root;
    statistics = outside + "batch_stats/" + (stack.startsWith("encoder") ? "encoder/" : "");
  }

  /**
   * Finds the model in the arrays of a file.
   *
   * @throws IllegalArgumentException if there is none or more than one
   */
  static ForeignTree of(Map<String, Tensor> arrays) {
    boolean slashes = arrays.keySet().stream().anyMatch(name -> name.contains("/"));
    NavigableMap<String, Tensor> named = new TreeMap<>();
    // Names of PyTorch, and of trees that were flattened in its way.
    arrays.forEach((name, array) -> named.put(slashes ? name : name.replace('.', '/'), array));
    Map<String, String> stacks = new LinkedHashMap<>();
    for (String name : named.keySet()) {
      Matcher layer = LAYER.matcher(name);
      if (layer.find() && holdsParameters(layer.group(1), layer.group(2))) {
        stacks.putIfAbsent(layer.group(1), layer.group(2));
      }
    }
    int shortest = stacks.keySet().stream().mapToInt(ForeignTree::depth).min().orElse(-1);
    List<String> roots = stacks.keySet().stream().filter(each -> depth(each) == shortest).toList();
    require(
        !roots.isEmpty(),
        "expected layers such as params/encoder/layers_0, params/layers_0 or s4_layers.0, got %s",
        named.isEmpty()
            ? "no arrays"
            : Arrays.toString(named.keySet().stream().limit(5).toArray()));
    require(roots.size() == 1, "expected one model, got several: %s", roots);
    return new ForeignTree(named, !slashes, roots.get(0), stacks.get(roots.get(0)));
  }

  private static boolean holdsParameters(String root, String stack) {
    String[] parts = root.split("/");
    boolean parameters =
        root.isEmpty() || stack.startsWith("s4") || parts[parts.length - 1].equals("params");
    return parameters && Stream.of(parts).noneMatch(NOT_PARAMETERS::contains);
  }

  private static int depth(String path) {
    return path.split("/", -1).length;
  }

  /** A name as the file has it. */
  String label(String name) {
    return dots ? name.replace('/', '.') : name;
  }

  /** Whether the names and matrices are PyTorch's. */
  boolean torch() {
    return stack.startsWith("s4");
  }

  String encoder() {
    return root + (stack.startsWith("encoder") ? "encoder/encoder" : "encoder");
  }

  String decoder() {
    return root + "decoder";
  }

  String layer(int i) {
    return root + stack + i;
  }

  /** The highest number that a layer has, or -1. */
  int lastLayer() {
    int last = -1;
    for (String name : arrays.tailMap(root + stack, false).keySet()) {
      if (!name.startsWith(root + stack)) {
        break;
      }
      String number = name.substring((root + stack).length()).split("/", 2)[0];
      if (number.matches("\\d{1,9}")) {
        last = Math.max(last, Integer.parseInt(number));
      }
    }
    return last;
  }

  String system(int i) {
    return layer(i) + (torch() ? "/" : "/seq/");
  }

  String norm(int i) {
    return torch() ? root + "norms/" + i : layer(i) + "/norm";
  }

  String statistics(int i) {
    return statistics + "layers_" + i + "/norm";
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
    require(array != null, "expected %s, got none", label(name));
    require(array.shape().size() > 0, "%s: expected numbers, got none: %s", label(name), array);
    used.add(name);
    return array;
  }

  /** A shape of so many dimensions, which words name. */
  Shape shape(String name, int dimensions, String words) {
    Tensor array = array(name);
    require(
        array.shape().dimension() == dimensions,
        "%s: expected shape %s, got %s",
        label(name),
        words,
        array);
    return array.shape();
  }

  /** The width of a matrix, or -1 of anything else. */
  long columns(String name) {
    Shape shape = array(name).shape();
    return shape.dimension() > 1 ? shape.get(1) : -1;
  }

  /** Finite real numbers that have one of the shapes. */
  double[] real(String name, Shape... shapes) {
    Tensor array = array(name);
    require(
        array.type().floating() && List.of(shapes).contains(array.shape()),
        "%s: expected real floating numbers of shape %s, got %s",
        label(name),
        any(shapes),
        array);
    return finite(name, array);
  }

  /**
   * Finite complex numbers that have one of the shapes, or real ones with another axis of two; the
   * parts by turns.
   */
  double[] complex(String name, Shape... shapes) {
    Tensor array = array(name);
    boolean fits = false;
    for (Shape shape : shapes) {
      boolean complex = array.type().complex();
      boolean numbers = complex || array.type().floating();
      fits |= numbers && array.shape().equals(complex ? shape : shape.add(2));
    }
    require(
        fits,
        "%s: expected complex numbers of shape %s, or floating ones with another axis of 2, got %s",
        label(name),
        any(shapes),
        array);
    return finite(name, array);
  }

  private double[] finite(String name, Tensor array) {
    double[] values = array.toDoubles();
    for (int i = 0; i < values.length; i++) {
      require(
          Double.isFinite(values[i]),
          "%s: expected finite numbers, got %s as number %d of %d in %s",
          label(name),
          values[i],
          i + 1,
          values.length,
          array);
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
            .anyMatch(name -> Tensor.precision(arrays.get(name).type()) == DataType.FLOAT64);
    return doubles ? DataType.FLOAT64 : DataType.FLOAT32;
  }

  /** What the model has beside what is known here would be lost, and the model another one. */
  void requireAllUsed() {
    Set<String> unknown = new TreeSet<>();
    for (String name : arrays.keySet()) {
      boolean parameter = name.startsWith(root) || name.startsWith(statistics);
      boolean other =
          root.isEmpty() && !name.matches("(encoder|layers_|s4_layers|norms|decoder).*");
      if (parameter && !other && !used.contains(name)) {
        unknown.add(label(name));
      }
    }
    require(unknown.isEmpty(), "expected no arrays beside a known model's, got %s", unknown);
  }
}
