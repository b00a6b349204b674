package io.github.last4j.io;

import static io.github.last4j.io.ModelImport.or;

import ai.djl.ndarray.types.Shape;
import io.github.last4j.model.Family;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The S5 release: params/encoder/layers_i/seq/{Lambda_re, Lambda_im, B, C or C1 and C2, …}, and
 * ports with one complex Lambda, of which that in PyTorch has y = Re(Cx) and all states.
 */
final class S5Release extends FlaxProject {
  // Training moves a pole and its conjugate nearly alike.
  private static final double CLOSE = 0.01;
  private static final int MOST_STATES = 4096;

  @Override
  public Family family() {
    return Family.S5;
  }

  @Override
  public List<String> marks() {
    return List.of("/seq/Lambda_re", "/seq/Lambda", "/s5/seq/Lambda", "/seq/seq/Lambda");
  }

  @Override
  void system(Translation model, String from, String to, int h) {
    ForeignTree tree = model.tree;
    boolean joined = tree.has(from + "Lambda");
    String poles = from + (joined ? "Lambda" : "Lambda_re");
    int n = tree.length(poles, "(P)");
    Shape states = new Shape(n);
    double[] re;
    double[] im;
    if (joined) {
      double[] lambda = tree.complex(poles, states);
      re = IntStream.range(0, n).mapToDouble(i -> lambda[2 * i]).toArray();
      im = IntStream.range(0, n).mapToDouble(i -> lambda[2 * i + 1]).toArray();
    } else {
      re = tree.real(poles, states);
      im = tree.real(from + "Lambda_im", states);
    }
    model.poles(poles, re, to, or(model.options.clip, false), true);
    model.put(to + "Lambda_im", im, n);
    model.put(to + "B", tree.complex(from + "B", new Shape(n, h)), n, h, 2);
    boolean clear = model.options.conjugatePairs != null || tree.torch() || !paired(re, im);
    tree.require(clear, poles, "conjugatePairs(true) or (false)", "each pole with its conjugate");
    outputs(model, from, to, h, n);
    Shape[] shapes = {new Shape(n, 1), states, new Shape(1, 1), new Shape(1), new Shape()};
    model.steps(from + "log_step", to, n, shapes);
  }

  /** Whether every pole's conjugate is there, too, as where states stand for themselves. */
  private static boolean paired(double[] re, double[] im) {
    int n = re.length;
    boolean sensible = n > 1 && n <= MOST_STATES && Arrays.stream(im).anyMatch(each -> each != 0);
    return sensible
        && IntStream.range(0, n)
            .allMatch(
                i ->
                    IntStream.range(0, n)
                        .anyMatch(
                            j ->
                                Math.hypot(re[i] - re[j], im[i] + im[j])
                                    <= CLOSE * Math.hypot(re[i], im[i])));
  }

  private static void outputs(Translation model, String from, String to, int h, int n) {
    boolean pairs = !model.tree.torch();
    model.singleStates = !or(model.options.conjugatePairs, pairs);
    Shape one = new Shape(h, n);
    if (model.tree.has(from + "C1") || model.tree.has(from + "C2")) {
      for (String c : List.of("C1", "C2")) {
        model.put(to + c, model.outputs(from + c, pairs, one), h, n, 2);
      }
      return;
    }
    double[] c = model.outputs(from + "C", pairs, one, new Shape(h, 2L * n));
    if (c.length > 2 * h * n) {
      model.joinedC = true;
      // The columns of the backward direction follow those of the forward one.
      model.put(to + "C1", columns(c, h, n, 0), h, n, 2);
      model.put(to + "C2", columns(c, h, n, n), h, n, 2);
    } else {
      model.put(to + "C", c, h, n, 2);
    }
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
