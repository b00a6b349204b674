package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import java.util.ArrayList;
import java.util.List;
import org.ojalgo.scalar.ComplexNumber;

/** How a continuous-time layer becomes a discrete one (Sec. 2.2). */
public enum Discretization {
  /** Zero-order hold: λ̄ = exp(λΔ), B̄ = (λ̄ - 1)/λ · B. */
  ZOH {
    @Override
    public Poles poles(ComplexArray lambda, NDArray step) {
      ComplexArray exponent = lambda.mul(step);
      // λ = 0 has the limit B̄ = ΔB; it is divided by one instead of by zero.
      NDArray zero =
          lambda.real().eq(0).logicalAnd(lambda.imag().eq(0)).toType(lambda.dataType(), false);
      ComplexArray gain =
          exponent.expm1().div(ComplexArray.of(lambda.real().add(zero), lambda.imag()));
      return new Poles(
          exponent.exp(),
          ComplexArray.expm1(exponent.real()).neg(),
          ComplexArray.of(gain.real().add(zero.mul(step)), gain.imag()));
    }

    @Override
    ComplexNumber exponent(ComplexNumber lambdaBar, double margin) {
      // A pole at zero has none; what is forgotten to the last bit stands for it.
      double shrink = Math.log1p(-Math.min(margin, 1 - 0x1p-53));
      return ComplexNumber.of(shrink, lambdaBar.phase());
    }
  },

  /** Bilinear (Tustin): with z = λΔ/2, λ̄ = (1+z)/(1-z), B̄ = Δ/(1-z) · B. */
  BILINEAR {
    @Override
    public Poles poles(ComplexArray lambda, NDArray step) {
      ComplexArray half = lambda.mul(step).mul(0.5);
      ComplexArray numerator = ComplexArray.of(half.real().add(1), half.imag());
      ComplexArray denominator = ComplexArray.of(half.real().neg().add(1), half.imag().neg());
      ComplexArray lambdaBar = numerator.div(denominator);
      NDArray size = denominator.abs();
      // 1 - |λ̄|² = -4 Re z / |1-z|², exactly; divided by 1 + |λ̄| it is the margin.
      NDArray margin =
          ComplexArray.mul(half.real(), -4).div(size).div(size).div(lambdaBar.abs().add(1));
      ComplexArray one = ComplexArray.of(step, step.zerosLike());
      return new Poles(lambdaBar, margin, one.div(denominator));
    }

    @Override
    ComplexNumber exponent(ComplexNumber lambdaBar, double margin) {
      ComplexNumber sum = lambdaBar.add(1);
      double size = Math.max(sum.norm(), 0x1p-53);
      return ComplexNumber.of(
          -2 * margin * (2 - margin) / size / size, 4 * lambdaBar.getImaginary() / size / size);
    }
  };

  /** The λΔ whose discrete pole is given. */
  abstract ComplexNumber exponent(ComplexNumber lambdaBar, double margin);

  /**
   * The discrete poles, their margins and the factors from B to B̄.
   *
   * @param lambdaBar λ̄, shape (n)
   * @param margin 1-|λ̄| without cancellation, shape (n)
   * @param gain B̄ᵢ/Bᵢ, shape (n)
   */
  public record Poles(ComplexArray lambdaBar, NDArray margin, ComplexArray gain) {}

  /**
   * Discretises poles; differentiable, and without checks of values.
   *
   * @param lambda the continuous-time poles, shape (n)
   * @param step the time steps, shape (n)
   */
  public abstract Poles poles(ComplexArray lambda, NDArray step);

  /**
   * Discretises a layer in double precision.
   *
   * @param ssm the layer, of any dtype
   * @return the float64 discrete layer, held by the manager of {@code ssm.lambda()}
   * @throws IllegalArgumentException if a value is not finite or a step not positive
   */
  public DiscreteSsm discretize(DiagonalSsm ssm) {
    ssm.requireValid();
    return Scoped.compute(
        ssm.lambda().real().getManager(),
        () -> {
          DiagonalSsm layer = ssm.toType(DataType.FLOAT64);
          Poles poles = poles(layer.lambda(), layer.step());
          return new DiscreteSsm(
              poles.lambdaBar(),
              poles.margin(),
              layer.ports().withB(layer.ports().b().mul(poles.gain().reshape(-1, 1))),
              layer.feedthrough());
        },
        DiscreteSsm::arrays);
  }

  /**
   * The continuous-time layer of which a stable discrete one is the discretisation. Its poles have
   * the real part -½, and a step each.
   *
   * @param ssm a float64 layer
   * @return a float64 layer, held by the manager of {@code ssm.lambdaBar()}
   * @throws IllegalArgumentException if a pole is not inside the unit circle
   */
  public DiagonalSsm continuous(DiscreteSsm ssm) {
    double[] steps =
        exponents(ssm).stream().mapToDouble(exponent -> -2 * exponent.getReal()).toArray();
    return continuous(ssm, steps);
  }

  /**
   * The same with given steps.
   *
   * @param steps one for each of n states
   * @throws IllegalArgumentException also if a step is not positive
   */
  public DiagonalSsm continuous(DiscreteSsm ssm, double[] steps) {
    List<ComplexNumber> exponents = exponents(ssm);
    NDManager manager = ssm.lambdaBar().real().getManager();
    return Scoped.compute(
        manager,
        () -> {
          int n = steps.length;
          double[] re = new double[n];
          double[] im = new double[n];
          for (int i = 0; i < n; i++) {
            re[i] = exponents.get(i).getReal() / steps[i];
            im[i] = exponents.get(i).getImaginary() / steps[i];
          }
          NDArray step = manager.create(steps);
          ComplexArray lambda = ComplexArray.of(manager.create(re), manager.create(im));
          ComplexArray gain = poles(lambda, step).gain().reshape(-1, 1);
          DiagonalSsm layer =
              new DiagonalSsm(
                  lambda,
                  step,
                  ssm.ports().withB(ssm.ports().b().div(gain)).mapOutputs(c -> c.mul(1)),
                  ssm.feedthrough().map(NDArray::duplicate));
          layer.requireValid();
          return layer;
        },
        DiagonalSsm::arrays);
  }

  private List<ComplexNumber> exponents(DiscreteSsm ssm) {
    double[] re = ComplexArray.doubles(ssm.lambdaBar().real());
    double[] im = ComplexArray.doubles(ssm.lambdaBar().imag());
    double[] margin = ComplexArray.doubles(ssm.margin());
    List<ComplexNumber> exponents = new ArrayList<>();
    for (int i = 0; i < margin.length; i++) {
      if (!(margin[i] > 0)) {
        throw new IllegalArgumentException(
            "ssm: expected poles inside the unit circle, got |λ̄| = "
                + (1 - margin[i])
                + " in state "
                + i);
      }
      exponents.add(exponent(ComplexNumber.of(re[i], im[i]), margin[i]));
    }
    return exponents;
  }
}
