package io.github.last4j;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.reference.Cplx;
import io.github.last4j.reference.ReferenceSsm;
import io.github.last4j.ssm.DiagonalSsm;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.Discretization;
import java.util.List;

/** Carries numbers between the scalar reference and the toolkit. */
public final class ReferenceBridge {
  private ReferenceBridge() {}

  public static Discretization method(ReferenceSsm.Method method) {
    return switch (method) {
      case ZOH -> Discretization.ZOH;
      case BILINEAR -> Discretization.BILINEAR;
    };
  }

  public static DiagonalSsm ssm(NDManager manager, ReferenceSsm reference) {
    return ssm(manager, reference, DataType.FLOAT64);
  }

  public static DiagonalSsm ssm(NDManager manager, ReferenceSsm reference, DataType type) {
    DiagonalSsm ssm =
        DiagonalSsm.of(
            vector(manager, reference.lambda, type),
            matrix(manager, reference.b, type),
            matrix(manager, reference.c, type),
            real(manager, reference.step, type));
    if (reference.backwardC != null) {
      ssm = ssm.withBackwardC(matrix(manager, reference.backwardC, type));
    }
    if (reference.d != null) {
      ssm = ssm.withFeedthrough(real(manager, reference.d, type));
    }
    return ssm;
  }

  public static List<DiscreteSsm> discrete(
      NDManager manager, List<ReferenceSsm> layers, ReferenceSsm.Method method) {
    return layers.stream()
        .map(layer -> Last.discretize(ssm(manager, layer), method(method)))
        .toList();
  }

  public static ComplexArray vector(NDManager manager, Cplx[] values, DataType type) {
    return matrix(manager, new Cplx[][] {values}, type).reshape(values.length);
  }

  public static ComplexArray matrix(NDManager manager, Cplx[][] values, DataType type) {
    int columns = values[0].length;
    double[] re = new double[values.length * columns];
    double[] im = new double[values.length * columns];
    for (int r = 0; r < values.length; r++) {
      for (int i = 0; i < columns; i++) {
        re[r * columns + i] = values[r][i].re();
        im[r * columns + i] = values[r][i].im();
      }
    }
    Shape shape = new Shape(values.length, columns);
    return ComplexArray.of(
        real(manager, re, type).reshape(shape), real(manager, im, type).reshape(shape));
  }

  public static NDArray real(NDManager manager, double[] values, DataType type) {
    return manager.create(values).toType(type, false);
  }

  public static double[][] doubles(NDList list) {
    return list.stream().map(NDArray::toDoubleArray).toArray(double[][]::new);
  }

  public static boolean[][] booleans(NDList list) {
    return list.stream().map(NDArray::toBooleanArray).toArray(boolean[][]::new);
  }

  public static NDList scores(NDManager manager, double[]... scores) {
    NDList list = new NDList();
    for (double[] layer : scores) {
      list.add(manager.create(layer));
    }
    return list;
  }
}
