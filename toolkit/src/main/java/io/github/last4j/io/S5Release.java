package io.github.last4j.io;

import static io.github.last4j.io.Translation.or;

import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Family;
import java.util.List;

/** The S5 release: params/encoder/layers_i/seq/{Lambda_re, Lambda_im, B, C or C1 and C2, …}. */
final class S5Release extends FlaxProject {
  @Override
  public Family family() {
    return Family.S5;
  }

  @Override
  public String mark() {
    return "/seq/Lambda_re";
  }

  @Override
  void system(Translation model, String from, String to, int h) {
    ForeignTree tree = model.tree;
    Shape states = tree.shape(from + "Lambda_re", "(P)", -1);
    int n = (int) states.get(0);
    double[] re = tree.real(from + "Lambda_re", states);
    model.poles(from + "Lambda_re", re, to, or(model.options.clip, false), true);
    model.copy(from + "Lambda_im", to + "Lambda_im", states);
    model.put(to + "B", tree.complex(from + "B", new Shape(n, h)), n, h, 2);
    Shape one = new Shape(h, n);
    if (tree.has(from + "C1") || tree.has(from + "C2")) {
      for (String c : List.of("C1", "C2")) {
        model.put(to + c, model.outputs(from + c, true, one), h, n, 2);
      }
    } else {
      double[] c = model.outputs(from + "C", true, one, new Shape(h, 2L * n));
      if (c.length > 2 * h * n) {
        // The columns of the backward direction follow those of the forward one.
        model.put(to + "C1", columns(c, h, n, 0), h, n, 2);
        model.put(to + "C2", columns(c, h, n, n), h, n, 2);
      } else {
        model.put(to + "C", c, h, n, 2);
      }
    }
    model.steps(from + "log_step", to, new Shape(n, 1), states);
  }

  /** So many complex columns of a matrix (h, 2n). */
  private static double[] columns(double[] matrix, int h, int n, int first) {
    double[] part = new double[h * n * 2];
    for (int row = 0; row < h; row++) {
      System.arraycopy(matrix, (row * 2 * n + first) * 2, part, row * n * 2, n * 2);
    }
    return part;
  }
}
