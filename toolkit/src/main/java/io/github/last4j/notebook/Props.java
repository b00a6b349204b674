package io.github.last4j.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Typed reading of a JSON object's properties, each with what holds when it is absent. */
record Props(Map<String, Object> map) {

  boolean has(String key) {
    return map.get(key) != null;
  }

  String text(String key, String otherwise) {
    Object value = map.get(key);
    return value == null ? otherwise : value.toString();
  }

  double number(String key, double otherwise) {
    return map.get(key) instanceof Number value ? value.doubleValue() : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    return map.get(key) instanceof Boolean value ? value : otherwise;
  }

  List<Object> list(String key) {
    return map.get(key) instanceof List<?> list ? new ArrayList<>(list) : List.of();
  }

  Props child(String key) {
    return map.get(key) instanceof Map<?, ?> child
        ? new Props(strings(child))
        : new Props(Map.of());
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private static Map<String, Object> strings(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
