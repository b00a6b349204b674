package io.github.last4j.notebook;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the JavaScript object literals that Tablesaw's templates write.
 *
 * <p>They are no JSON: keys are bare, commas trail, NaN occurs, and there are two kinds of string.
 * In double quotes stands JSON with its escapes. In single quotes stands what the template engine
 * escaped for HTML: there a backslash is a backslash, and a quote can only be the end.
 */
final class JsLiteral {
  private static final Pattern ENTITY = Pattern.compile("&(amp|lt|gt|quot|#39);");
  private static final Map<String, String> ENTITIES =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "#39", "'");

  private final String source;
  private int at;

  private JsLiteral(String source) {
    this.source = source;
    this.at = Math.max(0, source.indexOf('{'));
  }

  /**
   * The first object in a piece of JavaScript, such as {@code var layout = {...};}.
   *
   * @return its properties in order; values are String, Double, Boolean, null, List or Map
   * @throws IllegalArgumentException if there is no object or it does not end
   */
  static Map<String, Object> object(String javascript) {
    return new JsLiteral(javascript).map();
  }

  private Map<String, Object> map() {
    expect('{');
    Map<String, Object> map = new LinkedHashMap<>();
    while (peek() != '}') {
      String key = peek() == '\'' || peek() == '"' ? string() : word();
      expect(':');
      map.put(key, value());
      skipComma();
    }
    at++;
    return map;
  }

  private List<Object> list() {
    expect('[');
    List<Object> list = new ArrayList<>();
    while (peek() != ']') {
      list.add(value());
      skipComma();
    }
    at++;
    return list;
  }

  private Object value() {
    return switch (peek()) {
      case '{' -> map();
      case '[' -> list();
      case '\'', '"' -> string();
      default -> scalar(word());
    };
  }

  private static Object scalar(String word) {
    return switch (word) {
      case "null", "undefined" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> number(word);
    };
  }

  private static Object number(String word) {
    try {
      return Double.valueOf(word);
    } catch (NumberFormatException notANumber) {
      return word;
    }
  }

  private String string() {
    return peek() == '"' ? jsonString() : templateString();
  }

  private String templateString() {
    int end = source.indexOf('\'', at + 1);
    if (end < 0) {
      throw failure("the end of a string");
    }
    String escaped = source.substring(at + 1, end);
    at = end + 1;
    return ENTITY
        .matcher(escaped)
        .replaceAll(m -> Matcher.quoteReplacement(ENTITIES.get(m.group(1))));
  }

  private String jsonString() {
    StringBuilder text = new StringBuilder();
    for (at++; at < source.length(); at++) {
      char c = source.charAt(at);
      if (c == '"') {
        at++;
        return text.toString();
      }
      text.append(c == '\\' ? escape() : c);
    }
    throw failure("the end of a string");
  }

  /** The character that the escape at the current backslash stands for; moves to its last char. */
  private char escape() {
    at++;
    if (at >= source.length()) {
      throw failure("an escaped character");
    }
    char c = source.charAt(at);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        if (at + 4 >= source.length()) {
          throw failure("four hexadecimal digits");
        }
        at += 4;
        yield (char) Integer.parseInt(source.substring(at - 3, at + 1), 16);
      }
      default -> c;
    };
  }

  private String word() {
    int start = at;
    while (at < source.length() && ",:}]\n".indexOf(source.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw failure("a value");
    }
    return source.substring(start, at).strip();
  }

  private char peek() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
    if (at >= source.length()) {
      throw failure("the end of the object");
    }
    return source.charAt(at);
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw failure("'" + wanted + "'");
    }
    at++;
  }

  private void skipComma() {
    if (peek() == ',') {
      at++;
    }
  }

  private IllegalArgumentException failure(String wanted) {
    String around = source.substring(Math.max(0, at - 40), Math.min(source.length(), at + 20));
    return new IllegalArgumentException(
        "expected " + wanted + " at character " + at + " of a figure's JavaScript: ..." + around);
  }
}
