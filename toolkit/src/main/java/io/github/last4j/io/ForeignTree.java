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
  private static final Pattern NOT_PARAMETERS = Pattern.compile("(^|.*/)(opt|[^/]*batch_stats/).*");
  // What flax.nnx has around the numbers of a variable.
  private static final Pattern VARIABLE = Pattern.compile("/(raw_)?value$");
  // The low-rank part of a system that is not diagonal.
  private static final String LOW_RANK = "/P";
  // The state of flax.nnx's random numbers, which dropout has and evaluation does not need.
  private static final String RANDOM = "/rngs/";
  private static final int SHOWN = 5;

  private final NavigableMap<String, Tensor> arrays;
  private final Map<String, String> unread;
  private final boolean dots;
  private final Set<String> used = new HashSet<>();
  private final String root;
  private final String stack;
  private final int layers;
  private final boolean torch;

  private ForeignTree(
      NavigableMap<String, Tensor> arrays,
      Map<String, String> unread,
      boolean dots,
      String root,
      String stack) {
    this.arrays = arrays;
    this.unread = unread;
    this.dots = dots;
    this.root = root;
    this.stack = stack;
    layers = count();
    List<String> own =
        arrays.tailMap(root).keySet().stream().takeWhile(name -> name.startsWith(root)).toList();
    torch =
        own.stream().anyMatch(name -> name.endsWith("/weight"))
            && own.stream().noneMatch(name -> name.endsWith("/kernel"));
  }

  /**
   * Finds the model in a file.
   *
   * @param layers how the names of a layer's arrays may begin, as {@link ForeignProject#layers}
   * @param chosen what the names of the model's arrays begin with, or null if there is only one
   * @throws IllegalArgumentException if there is none or more than one, or one misses a layer
   */
  static ForeignTree of(Tensors file, List<Pattern> layers, String chosen) {
    boolean slashes = file.arrays().keySet().stream().anyMatch(name -> name.contains("/"));
    NavigableMap<String, Tensor> named = new TreeMap<>();
    file.arrays().forEach((name, array) -> named.put(path(name, !slashes), array));
    Map<String, String> unread = new LinkedHashMap<>();
    file.unread().forEach((name, reason) -> unread.put(path(name, !slashes), reason));
    Map<String, String> stacks = new LinkedHashMap<>();
    for (String name : named.keySet()) {
      for (Pattern pattern : layers) {
        Matcher layer = pattern.matcher(name);
        if (layer.find() && !NOT_PARAMETERS.matcher(layer.group(1)).matches()) {
          stacks.putIfAbsent(layer.group(1), layer.group(2));
        }
      }
    }
    Bytes.require(
        !stacks.isEmpty(),
        "expected layers such as params/encoder/layers_0, params/layers_0 or s4_layers.0, got %s",
        named.isEmpty() ? "no arrays" : named.keySet().stream().limit(SHOWN).toList());
    List<String> roots = stacks.keySet().stream().filter(root -> fits(chosen, root)).toList();
    Bytes.require(
        roots.size() == 1,
        chosen == null
            ? "expected one model, or tree(name) that chooses one of several: %s"
            : "expected a model that tree(name) chooses of %s, got no or several such",
        stacks.keySet());
    String root = roots.get(0);
    return new ForeignTree(named, unread, !slashes, root, stacks.get(root));
  }

  private static boolean fits(String chosen, String root) {
    return chosen == null || path(chosen, !chosen.contains("/")).equals(root.replaceAll("/$", ""));
  }

  /** A name with slashes, whatever PyTorch or a tree that was flattened in its way has. */
  private static String path(String name, boolean dots) {
    String path = dots ? name.replace('.', '/') : name;
    return VARIABLE.matcher(path.replaceAll("/$", "")).replaceFirst("");
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
    return stack.replaceFirst("[^/]*/?$", "");
  }

  /** What all parameters' names begin with, such as "params/". */
  String root() {
    return root;
  }

  /** The path of a layer, without a slash at its end. */
  String layer(int i) {
    return root + stack + i;
  }

  /**
   * The path of its running statistics, which Flax keeps beside the parameters, for averages of
   * them, too, and others in the layer.
   */
  String statistics(int i) {
    String layer = layer(i);
    return Stream.concat(Stream.of(layer), outside().stream().map(each -> each + stack + i))
        .filter(path -> has(path + "/norm/mean") || has(path + "/norm/running_mean"))
        .findFirst()
        .or(
            () ->
                outside().stream().map(each -> each + stack + i).filter(this::hasBelow).findFirst())
        .orElse(torch() ? layer : outside().get(0) + stack + i);
  }

  /** What the names of statistics outside of the parameters may begin with. */
  private List<String> outside() {
    String beside = root.replaceFirst("params/$", "");
    return List.of(
        beside + "batch_stats/", root.replaceFirst("[^/]*/$", "") + "batch_stats/", "batch_stats/");
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

  /** Whether arrays have the names and shapes of PyTorch, whose kernels are weights (out, in). */
  boolean torch() {
    return torch;
  }

  /** Says so where a layer is a full S4. */
  void requireDiagonal() {
    for (int i = 0; i < layers; i++) {
      String layer = layer(i) + "/";
      arrays.tailMap(layer).keySet().stream()
          .takeWhile(name -> name.startsWith(layer))
          .filter(name -> name.endsWith(LOW_RANK))
          .forEach(
              name ->
                  require(
                      false,
                      name,
                      "a diagonal system (S5 or S4D)",
                      "the low-rank part of a full S4, which is none"));
    }
  }

  void ignore(String name) {
    used.add(name);
  }

  private Tensor array(String name) {
    Tensor array = arrays.get(name);
    String got = unread.getOrDefault(name, "none");
    Bytes.require(array != null, "expected %s, got %s", label(name), got);
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

  /** The first size of an array that has one; words name its shape. */
  int length(String name, String words) {
    Tensor array = array(name);
    require(array.shape().dimension() > 0, name, "shape " + words, array);
    return (int) array.shape().get(0);
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
    String statistics = outside().get(0) + folder();
    // Beside a bare tree of parameters there may be anything.
    List<String> tops = used.stream().map(name -> name.split("\\d*/", 2)[0]).distinct().toList();
    List<String> unknown =
        Stream.concat(arrays.keySet().stream(), unread.keySet().stream())
            .filter(name -> name.startsWith(root) || name.startsWith(statistics))
            .filter(name -> !root.isEmpty() || tops.stream().anyMatch(name::startsWith))
            .filter(name -> !used.contains(name) && !name.contains(RANDOM))
            .map(this::label)
            .toList();
    Bytes.require(unknown.isEmpty(), "expected no arrays beside a known model's, got %s", unknown);
  }
}
