package io.github.last4j.io;

import static io.github.last4j.io.ModelImport.or;
import static io.github.last4j.io.Translation.transposed;

import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Family;
import java.util.List;

/**
 * The annotated S4D: params/layers_i/seq/{A_re, A_im, C or C1 and C2, …}, with all N eigenvalues of
 * every channel and K = Re ΣCB̄λ̄.
 */
final class AnnotatedS4d extends FlaxProject {
  @Override
  public Family family() {
    return Family.S4D;
  }

  @Override
  public List<String> marks() {
    return List.of("/seq/A_re");
  }

  @Override
  void system(Translation model, String from, String to, int h) {
    ForeignTree tree = model.tree;
    // B is a parameter in some versions, and has no effect in any.
    tree.ignore(from + "B_re");
    tree.ignore(from + "B_im");
    Shape states = tree.shape(from + "A_re", "(N, " + h + ")", -1, h);
    int each = (int) states.get(0);
    int n = each * h;
    double[] re = transposed(tree.real(from + "A_re", states), each, h, 1);
    model.poles(from + "A_re", re, to, or(model.options.clip, true), false);
    model.put(to + "Lambda_im", transposed(tree.real(from + "A_im", states), each, h, 1), n);
    boolean both = tree.has(from + "C1") || tree.has(from + "C2");
    for (String c : both ? List.of("C1", "C2") : List.of("C")) {
      model.put(to + c, transposed(model.outputs(from + c, false, states), each, h, 2), n, 2);
    }
    model.steps(from + "log_step", to, h, new Shape(1, h), new Shape(h));
  }
}
