package io.github.last4j.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of a program: words, and options with a value each, such as "--ratio 0.8".
 *
 * @param words those that belong to no option, in order
 * @param values of the options, by their names without dashes
 */
public record Options(List<String> words, Map<String, String> values) {
  /**
   * Reads arguments.
   *
   * @throws IllegalArgumentException if an option is none of those known, twice there, or has no
   *     value
   */
  public static Options of(Set<String> known, String... args) {
    List<String> words = new ArrayList<>();
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i++) {
      if (!args[i].startsWith("--")) {
        words.add(args[i]);
        continue;
      }
      String name = args[i].substring(2);
      if (!known.contains(name) || values.containsKey(name) || i + 1 == args.length) {
        throw new IllegalArgumentException(
            "options: expected each of " + known + " at most once, with a value, got " + args[i]);
      }
      values.put(name, args[++i]);
    }
    return new Options(List.copyOf(words), values);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  double number(String name, double otherwise) {
    try {
      return has(name) ? Double.parseDouble(values.get(name)) : otherwise;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, got " + values.get(name), e);
    }
  }

  /** Such as "0.5,0.8". */
  List<Double> numbers(String name, List<Double> otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    try {
      return Arrays.stream(values.get(name).split(",")).map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + ": expected numbers between commas, got " + values.get(name), e);
    }
  }

  int whole(String name, int otherwise) {
    return has(name) ? Math.toIntExact(whole(name, values.get(name))) : otherwise;
  }

  static long whole(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected whole numbers, got " + value, e);
    }
  }
}
