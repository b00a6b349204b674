package io.github.last4j.io;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file holds, whatever its format: arrays and texts by name. Names of nested trees have
 * slashes, as in "params/encoder/layers_0/seq/Lambda_re".
 *
 * @param arrays the arrays, in the order of the file
 * @param texts the texts
 * @param unread what is in the file and is neither, such as numbers of eight bits, with the reason:
 *     it does no harm where nobody needs it
 */
public record Tensors(
    Map<String, Tensor> arrays, Map<String, String> texts, Map<String, String> unread) {
  /** Keeps copies. */
  public Tensors {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    unread = Collections.unmodifiableMap(new LinkedHashMap<>(unread));
  }

  /** Arrays and texts that are all there is. */
  public Tensors(Map<String, Tensor> arrays, Map<String, String> texts) {
    this(arrays, texts, Map.of());
  }

  /** A file's content while it is read, every name once. */
  static final class Builder {
    private final Map<String, Tensor> arrays = new LinkedHashMap<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> unread = new LinkedHashMap<>();

    void array(String name, Tensor array) {
      requireNew(name);
      arrays.put(name, array);
    }

    void text(String name, String text) {
      requireNew(name);
      texts.put(name, text);
    }

    void unread(String name, String reason) {
      requireNew(name);
      unread.put(name, reason);
    }

    /** Takes an array out again, if it is there. */
    Tensor remove(String name) {
      return arrays.remove(name);
    }

    private void requireNew(String name) {
      boolean again =
          arrays.containsKey(name) || texts.containsKey(name) || unread.containsKey(name);
      Bytes.require(!again, "%s: expected it once, got it again", name);
    }

    Tensors build() {
      return new Tensors(arrays, texts, unread);
    }
  }
}
