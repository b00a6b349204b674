package io.github.last4j.reference;

import static io.github.last4j.reference.BigCplx.MC;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One diagonal state space model, stated as scalars: n stored states, h inputs and h outputs.
 *
 * <p>The arrays are {@code lambda[n], b[n][h], c[h][n], step[n]}; {@code backwardC} is null in a
 * system of one direction, {@code d} is null without feedthrough.
 */
public final class ReferenceSsm {
  /** How the continuous system is sampled. */
  public enum Method {
    ZOH,
    BILINEAR
  }

  public final Cplx[] lambda;
  public final Cplx[][] b;
  public final Cplx[][] c;
  public final Cplx[][] backwardC;
  public final double[] d;
  public final double[] step;

  public ReferenceSsm(
      Cplx[] lambda, Cplx[][] b, Cplx[][] c, Cplx[][] backwardC, double[] d, double[] step) {
    this.lambda = lambda;
    this.b = b;
    this.c = c;
    this.backwardC = backwardC;
    this.d = d;
    this.step = step;
  }

  public ReferenceSsm(Cplx[] lambda, Cplx[][] b, Cplx[][] c, double[] step) {
    this(lambda, b, c, null, null, step);
  }

  public int states() {
    return lambda.length;
  }

  public int channels() {
    return c.length;
  }

  /** This system with its states taken in the given order; an index may repeat or be missing. */
  public ReferenceSsm select(int... order) {
    Cplx[] newLambda = new Cplx[order.length];
    Cplx[][] newB = new Cplx[order.length][];
    double[] newStep = new double[order.length];
    for (int i = 0; i < order.length; i++) {
      newLambda[i] = lambda[order[i]];
      newB[i] = b[order[i]];
      newStep[i] = step[order[i]];
    }
    return new ReferenceSsm(
        newLambda, newB, columns(c, order), columns(backwardC, order), d, newStep);
  }

  private static Cplx[][] columns(Cplx[][] matrix, int[] order) {
    return matrix == null ? null : map(matrix.length, order.length, r -> i -> matrix[r][order[i]]);
  }

  private static Cplx[][] map(int rows, int columns, IntFunction<IntFunction<Cplx>> entry) {
    Cplx[][] out = new Cplx[rows][columns];
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < columns; i++) {
        out[r][i] = entry.apply(r).apply(i);
      }
    }
    return out;
  }

  /** This system with every output matrix multiplied by one real number. */
  public ReferenceSsm scaleC(double a) {
    return new ReferenceSsm(lambda, b, scale(c, a), scale(backwardC, a), d, step);
  }

  private static Cplx[][] scale(Cplx[][] m, double a) {
    return m == null ? null : map(m.length, m[0].length, r -> i -> m[r][i].times(a));
  }

  /** This system with every entry rounded to float32. */
  public ReferenceSsm toFloat32() {
    Cplx[] newLambda = new Cplx[states()];
    double[] newStep = new double[states()];
    for (int i = 0; i < states(); i++) {
      newLambda[i] = toFloat32(lambda[i]);
      newStep[i] = (float) step[i];
    }
    return new ReferenceSsm(
        newLambda, toFloat32(b), toFloat32(c), toFloat32(backwardC), null, newStep);
  }

  private static Cplx toFloat32(Cplx z) {
    return new Cplx((float) z.re(), (float) z.im());
  }

  private static Cplx[][] toFloat32(Cplx[][] m) {
    return m == null ? null : map(m.length, m[0].length, r -> i -> toFloat32(m[r][i]));
  }

  /** The discrete pole of state i. */
  public Cplx lambdaBar(int i, Method method) {
    BigCplx z = lambdaStep(i);
    if (method == Method.ZOH) {
      return z.expm1().plus(BigCplx.ONE).round();
    }
    return bigBilinearPole(z).round();
  }

  private BigCplx lambdaStep(int i) {
    return BigCplx.of(lambda[i]).times(new BigDecimal(step[i], MC));
  }

  private static BigCplx bigBilinearPole(BigCplx z) {
    BigCplx half = z.times(new BigDecimal("0.5"));
    return BigCplx.ONE.plus(half).over(BigCplx.ONE.minus(half));
  }

  /**
   * What B is multiplied by: (exp(lambda step) - 1)/lambda, at lambda = 0 step, or step/(1 - step
   * lambda/2).
   */
  private BigCplx inputFactor(int i, Method method) {
    if (method == Method.ZOH && lambda[i].abs() == 0) {
      return new BigCplx(new BigDecimal(step[i], MC), BigDecimal.ZERO);
    }
    if (method == Method.ZOH) {
      return lambdaStep(i).expm1().over(BigCplx.of(lambda[i]));
    }
    BigCplx half = lambdaStep(i).times(new BigDecimal("0.5"));
    BigCplx numerator = new BigCplx(new BigDecimal(step[i], MC), BigDecimal.ZERO);
    return numerator.over(BigCplx.ONE.minus(half));
  }

  /** Row i of the discrete input matrix. */
  public Cplx[] bBar(int i, Method method) {
    BigCplx factor = inputFactor(i, method);
    Cplx[] row = new Cplx[b[i].length];
    for (int j = 0; j < row.length; j++) {
      row[j] = BigCplx.of(b[i][j]).times(factor).round();
    }
    return row;
  }

  /** 1 - |lambdaBar| of state i, to the last bit. */
  public double margin(int i, Method method) {
    return bigMargin(i, method).doubleValue();
  }

  private BigDecimal bigMargin(int i, Method method) {
    BigCplx z = lambdaStep(i);
    if (method == Method.ZOH) {
      return new BigCplx(z.re(), BigDecimal.ZERO).expm1().re().negate();
    }
    return BigDecimal.ONE.subtract(bigBilinearPole(z).squaredAbs().sqrt(MC), MC);
  }

  /** The squared H-infinity norm of every state: Eq. 6, with 60 digits. */
  public BigDecimal[] squaredHinfNorms(Method method) {
    BigDecimal[] out = squaredInputsTimesOutputs(method);
    for (int i = 0; i < out.length; i++) {
      BigDecimal margin = bigMargin(i, method);
      out[i] = out[i].divide(margin.multiply(margin, MC), MC);
    }
    return out;
  }

  /** The squared magnitude of every state, |lambdaBar|^2 |bBar|^2 |c|^2 (App. D.2). */
  public BigDecimal[] squaredMagnitudes(Method method) {
    BigDecimal[] out = squaredInputsTimesOutputs(method);
    for (int i = 0; i < out.length; i++) {
      BigDecimal size = BigDecimal.ONE.subtract(bigMargin(i, method), MC);
      out[i] = out[i].multiply(size, MC).multiply(size, MC);
    }
    return out;
  }

  private BigDecimal[] squaredInputsTimesOutputs(Method method) {
    BigDecimal[] out = new BigDecimal[states()];
    for (int i = 0; i < out.length; i++) {
      BigDecimal bSquared = BigDecimal.ZERO;
      for (Cplx entry : b[i]) {
        bSquared = bSquared.add(BigCplx.of(entry).squaredAbs(), MC);
      }
      BigDecimal cSquared = squaredColumn(c, i);
      if (backwardC != null) {
        cSquared = cSquared.add(squaredColumn(backwardC, i), MC).multiply(new BigDecimal("0.5"));
      }
      out[i] = cSquared.multiply(bSquared, MC).multiply(inputFactor(i, method).squaredAbs(), MC);
    }
    return out;
  }

  private static BigDecimal squaredColumn(Cplx[][] m, int i) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Cplx[] row : m) {
      sum = sum.add(BigCplx.of(row[i]).squaredAbs(), MC);
    }
    return sum;
  }

  /** The H-infinity norm of every state: Eq. 5. */
  public double[] hinfNorms(Method method) {
    BigDecimal[] squared = squaredHinfNorms(method);
    double[] out = new double[squared.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = squared[i].sqrt(MC).doubleValue();
    }
    return out;
  }

  /**
   * The transfer matrix of the one complex subsystem i at every exp(j theta), of the recurrence
   * that includes the current input: C_i bBar_i / (1 - lambdaBar_i exp(-j theta)).
   */
  public List<Cplx[][]> transfer(int i, double[] thetas, Method method) {
    Cplx pole = lambdaBar(i, method);
    Cplx[] row = bBar(i, method);
    List<Cplx[][]> out = new ArrayList<>();
    for (double theta : thetas) {
      Cplx denominator = new Cplx(1, 0).minus(pole.times(Cplx.polar(1, -theta)));
      out.add(map(channels(), row.length, r -> j -> c[r][i].times(row[j]).over(denominator)));
    }
    return out;
  }

  /**
   * The outputs (length, h) of the real layer for the inputs (length, h), state by state and step
   * by step: y_k = 2 Re(C x_k) + D u_k, x_k = lambdaBar x_{k-1} + bBar u_k from x = 0; a second
   * pass from the last step to the first adds 2 Re(backwardC x_k).
   */
  public double[][] apply(double[][] u, Method method) {
    int length = u.length;
    double[][] y = new double[length][channels()];
    for (int i = 0; i < states(); i++) {
      Cplx pole = lambdaBar(i, method);
      Cplx[] row = bBar(i, method);
      Cplx x = Cplx.ZERO;
      for (int k = 0; k < length; k++) {
        x = advance(pole, x, row, u[k]);
        addOutput(y[k], c, i, x);
      }
      if (backwardC != null) {
        x = Cplx.ZERO;
        for (int k = length - 1; k >= 0; k--) {
          x = advance(pole, x, row, u[k]);
          addOutput(y[k], backwardC, i, x);
        }
      }
    }
    if (d != null) {
      for (int k = 0; k < length; k++) {
        for (int r = 0; r < y[k].length; r++) {
          y[k][r] += d[r] * u[k][r];
        }
      }
    }
    return y;
  }

  private static Cplx advance(Cplx pole, Cplx x, Cplx[] row, double[] u) {
    Cplx next = pole.times(x);
    for (int j = 0; j < row.length; j++) {
      next = next.plus(row[j].times(u[j]));
    }
    return next;
  }

  private static void addOutput(double[] y, Cplx[][] c, int i, Cplx x) {
    for (int r = 0; r < y.length; r++) {
      y[r] += 2 * c[r][i].times(x).re();
    }
  }
}
