package io.github.last4j.norm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.RandomSsms;
import io.github.last4j.ssm.DiscreteSsm;
import java.util.Optional;
import java.util.stream.IntStream;

/** A discrete layer in scalar arithmetic, its gain by definition, and random layers. */
final class TestLayers {
  /** Poles by margin and angle, and the matrices; backwardC and d may be null. */
  static final class Layer {
    final double[][] poles;
    final Cplx[][] b;
    final Cplx[][] c;
    final Cplx[][] backwardC;
    final double[] d;

    Layer(double[][] poles, Cplx[][] b, Cplx[][] c, Cplx[][] backwardC, double[] d) {
      this.poles = poles;
      this.b = b;
      this.c = c;
      this.backwardC = backwardC;
      this.d = d;
    }

    int states() {
      return poles.length;
    }

    Layer withBackwardC(Cplx[][] backward) {
      return new Layer(poles, b, c, backward, d);
    }

    Layer withD(double... diagonal) {
      return new Layer(poles, b, c, backwardC, diagonal);
    }

    /** The layer of the states listed. */
    Layer select(int... order) {
      return new Layer(
          IntStream.of(order).mapToObj(i -> poles[i]).toArray(double[][]::new),
          IntStream.of(order).mapToObj(i -> b[i]).toArray(Cplx[][]::new),
          columns(c, order),
          backwardC == null ? null : columns(backwardC, order),
          d);
    }

    private static Cplx[][] columns(Cplx[][] matrix, int[] order) {
      Cplx[][] out = new Cplx[matrix.length][order.length];
      for (int r = 0; r < matrix.length; r++) {
        for (int i = 0; i < order.length; i++) {
          out[r][i] = matrix[r][order[i]];
        }
      }
      return out;
    }

    Layer scaleC(double factor) {
      return new Layer(
          poles, b, scale(c, factor), backwardC == null ? null : scale(backwardC, factor), d);
    }

    private static Cplx[][] scale(Cplx[][] matrix, double factor) {
      Cplx[][] out = new Cplx[matrix.length][matrix[0].length];
      for (int r = 0; r < matrix.length; r++) {
        for (int i = 0; i < out[r].length; i++) {
          out[r][i] = new Cplx(matrix[r][i].re() * factor, matrix[r][i].im() * factor);
        }
      }
      return out;
    }

    DiscreteSsm ssm(NDManager manager) {
      int n = states();
      double[] re = new double[n];
      double[] im = new double[n];
      double[] margin = new double[n];
      for (int i = 0; i < n; i++) {
        margin[i] = poles[i][0];
        re[i] = (1 - margin[i]) * Math.cos(poles[i][1]);
        // Math.PI stands for π: a real pole.
        im[i] = Math.abs(poles[i][1]) == Math.PI ? 0 : (1 - margin[i]) * Math.sin(poles[i][1]);
      }
      return new DiscreteSsm(
          ComplexArray.of(manager.create(re), manager.create(im)),
          manager.create(margin),
          matrix(manager, b),
          matrix(manager, c),
          Optional.ofNullable(backwardC).map(x -> matrix(manager, x)),
          Optional.ofNullable(d).map(x -> manager.create(x)));
    }

    /** G(e^{jθ}) by definition: real parts, then imaginary parts, (outputs, inputs). */
    double[][][] gain(double theta) {
      int m = b[0].length;
      int p = c.length;
      double[][][] out = new double[2][p][m];
      for (int direction = 0; direction < (backwardC == null ? 1 : 2); direction++) {
        Cplx[][] output = direction == 0 ? c : backwardC;
        double turn = direction == 0 ? theta : -theta;
        for (int i = 0; i < states(); i++) {
          for (int sign = 1; sign >= -1; sign -= 2) {
            double delta =
                turn
                    - (Math.abs(poles[i][1]) == Math.PI && turn * sign < 0 ? -1 : 1)
                        * sign
                        * poles[i][1];
            double half = Math.sin(delta / 2);
            double radius = 1 - poles[i][0];
            Cplx phi =
                new Cplx(1, 0)
                    .over(
                        new Cplx(poles[i][0] + radius * 2 * half * half, radius * Math.sin(delta)));
            for (int r = 0; r < p; r++) {
              for (int k = 0; k < m; k++) {
                Cplx product = output[r][i].times(b[i][k]);
                Cplx term = new Cplx(product.re(), sign * product.im()).times(phi);
                out[0][r][k] += term.re();
                out[1][r][k] += term.im();
              }
            }
          }
        }
      }
      for (int r = 0; d != null && r < p; r++) {
        out[0][r][r] += d[r];
      }
      return out;
    }

    /** σ_max(θ) by power iteration on the gain by definition, from below. */
    double largestGain(double theta) {
      double[][][] g = gain(theta);
      int p = g[0].length;
      int m = g[0][0].length;
      double[] xr = new double[m];
      double[] xi = new double[m];
      for (int k = 0; k < m; k++) {
        xr[k] = Math.cos(k * 1.7 + 0.3);
        xi[k] = Math.sin(k * k * 0.9);
      }
      double value = 0;
      for (int step = 0; step < 400; step++) {
        double size = Math.sqrt(dot(xr, xr) + dot(xi, xi));
        if (size == 0) {
          return 0;
        }
        double[] yr = new double[p];
        double[] yi = new double[p];
        for (int r = 0; r < p; r++) {
          for (int k = 0; k < m; k++) {
            yr[r] += (g[0][r][k] * xr[k] - g[1][r][k] * xi[k]) / size;
            yi[r] += (g[0][r][k] * xi[k] + g[1][r][k] * xr[k]) / size;
          }
        }
        value = Math.sqrt(dot(yr, yr) + dot(yi, yi));
        xr = new double[m];
        xi = new double[m];
        for (int r = 0; r < p; r++) {
          for (int k = 0; k < m; k++) {
            xr[k] += g[0][r][k] * yr[r] + g[1][r][k] * yi[r];
            xi[k] += g[0][r][k] * yi[r] - g[1][r][k] * yr[r];
          }
        }
      }
      return value;
    }

    private static double dot(double[] x, double[] y) {
      double sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += x[i] * y[i];
      }
      return sum;
    }

    /** The mean of ‖G‖_F² over equally spaced angles. */
    double meanSquare(int points) {
      double sum = 0;
      for (int i = 0; i < points; i++) {
        for (double[][] part : gain(2 * Math.PI * i / points)) {
          for (double[] row : part) {
            sum += dot(row, row);
          }
        }
      }
      return sum / points;
    }
  }

  private TestLayers() {}

  private static ComplexArray matrix(NDManager manager, Cplx[][] values) {
    double[] re = new double[values.length * values[0].length];
    double[] im = new double[re.length];
    for (int r = 0, k = 0; r < values.length; r++) {
      for (Cplx value : values[r]) {
        re[k] = value.re();
        im[k++] = value.im();
      }
    }
    Shape shape = new Shape(values.length, values[0].length);
    NDArray real = manager.create(re).reshape(shape);
    return ComplexArray.of(real, manager.create(im).reshape(shape));
  }

  /** One pair with one input and one output. */
  static Layer scalar(double margin, double angle, Cplx b, Cplx c) {
    return new Layer(
        new double[][] {{margin, angle}}, new Cplx[][] {{b}}, new Cplx[][] {{c}}, null, null);
  }

  /**
   * A random layer with margins from {@code leastMargin} to 1, some poles real or of equal place.
   */
  static Layer random(RandomSsms random, int n, int inputs, int outputs, double leastMargin) {
    double[][] poles = new double[n][];
    for (int i = 0; i < n; i++) {
      double margin = random.logUniform(leastMargin, 1);
      double angle =
          random.chance(0.15)
              ? random.integer(0, 1) * Math.PI
              : random.chance(0.4) ? random.logUniform(1e-4, 1) : random.uniform(-3.1, 3.1);
      poles[i] = i > 0 && random.chance(0.2) ? poles[i - 1].clone() : new double[] {margin, angle};
    }
    Cplx[][] b = random.matrix(n, inputs, 1);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < inputs; k++) {
        // As after discretisation: slow states take less of the input.
        double size = Math.sqrt(poles[i][0]);
        b[i][k] = new Cplx(b[i][k].re() * size, b[i][k].im() * size);
      }
    }
    return new Layer(poles, b, random.matrix(outputs, n, 1), null, null);
  }
}
