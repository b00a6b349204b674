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
 */
public record Tensors(Map<String, Tensor> arrays, Map<String, String> texts) {
  /** Keeps copies. */
  public Tensors {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }
}
