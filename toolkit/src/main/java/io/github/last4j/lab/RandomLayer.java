package io.github.last4j.lab;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;

/** Layers drawn at random, with numbers of very different sizes. */
final class RandomLayer {
  private RandomLayer() {}

  static DiscreteSsm of(NDManager manager, Draw draw, int states, int channels) {
    double[] re = new double[states];
    double[] im = new double[states];
    double[] step = new double[states];
    for (int i = 0; i < states; i++) {
      re[i] = -draw.log(0.05, 2);
      im[i] = draw.between(-6, 6);
      step[i] = draw.log(0.01, 0.5);
    }
    return of(manager, draw, channels, re, im, step);
  }

  /** One whose poles come as close to the unit circle as the margins given. */
  static DiscreteSsm slow(NDManager manager, Draw draw, int channels, double... margins) {
    double[] re = new double[margins.length];
    double[] im = new double[margins.length];
    double[] step = new double[margins.length];
    for (int i = 0; i < margins.length; i++) {
      re[i] = -margins[i];
      im[i] = draw.between(0.3, 2);
      step[i] = 1;
    }
    return of(manager, draw, channels, re, im, step);
  }

  private static DiscreteSsm of(
      NDManager manager, Draw draw, int channels, double[] re, double[] im, double... step) {
    int n = re.length;
    ComplexArray lambda = ComplexArray.of(manager.create(re), manager.create(im));
    ComplexArray b = matrix(manager, draw, n, channels);
    ComplexArray c = matrix(manager, draw, channels, n);
    return Discretization.ZOH.discretize(DiagonalSsm.of(lambda, b, c, manager.create(step)));
  }

  private static ComplexArray matrix(NDManager manager, Draw draw, int rows, int columns) {
    Shape shape = new Shape(rows, columns);
    return ComplexArray.of(
        manager.create(draw.normals(rows * columns), shape),
        manager.create(draw.normals(rows * columns), shape));
  }
}
