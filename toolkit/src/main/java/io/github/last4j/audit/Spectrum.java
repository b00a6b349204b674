package io.github.last4j.audit;

import io.github.last4j.norm.PairSystem;
import io.github.last4j.ssm.StateSet;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.complex.Complex;

/** An input's transform at one frequency, and what states make of it. */
final class Spectrum {
  // A decay of e⁻²⁰ is 4e-18 of an energy.
  private static final double DECAY = 20;

  private final PairSystem layer;
  private final double[] re;
  private final double[] im;
  final double theta;

  Spectrum(PairSystem layer, double[][] input, double theta) {
    this.layer = layer;
    this.theta = theta;
    re = new double[layer.inputs];
    im = new double[layer.inputs];
    for (int t = 0; t < input.length; t++) {
      double cos = Math.cos(theta * t);
      double sin = Math.sin(theta * t);
      for (int k = 0; k < re.length; k++) {
        re[k] += input[t][k] * cos;
        im[k] -= input[t][k] * sin;
      }
    }
  }

  /** The input followed by so many zeros that every state decays. */
  static double[][] padded(PairSystem layer, double[][] input) {
    double least = Arrays.stream(layer.margin).min().orElseThrow();
    double[][] padded = new double[input.length + (int) Math.ceil(DECAY / least)][layer.inputs];
    System.arraycopy(input, 0, padded, 0, input.length);
    return padded;
  }

  /** The same of the first layer's input. */
  static double[][] padded(Sample s) {
    return padded(s.layer().pairs(), s.input);
  }

  /** The first layer's input at as many frequencies as the padded input has steps. */
  static Stream<Spectrum> circle(Sample s) {
    PairSystem layer = s.layer().pairs();
    int count = padded(s).length;
    return IntStream.range(0, count)
        .mapToObj(k -> new Spectrum(layer, s.input, 2 * Math.PI * k / count));
  }

  /** 1/2π ∫ over the circle, as the mean over those frequencies. */
  static double mean(Sample s, ToDoubleFunction<Spectrum> value) {
    return circle(s).mapToDouble(value).reduce(0, Double::sum) / padded(s).length;
  }

  double inputEnergy() {
    return Layer.square(re, im);
  }

  /** The transform of a state's trajectory, b̄ᵢU/(1 - λ̄ᵢ/z). */
  Complex state(int i) {
    return driven(layer.bRe[i], layer.bIm[i], layer.poleRe[i], layer.poleIm[i]);
  }

  private Complex conjugateState(int i) {
    double[] negated = Arrays.stream(layer.bIm[i]).map(x -> -x).toArray();
    return driven(layer.bRe[i], negated, layer.poleRe[i], -layer.poleIm[i]);
  }

  private Complex driven(double[] bRe, double[] bIm, double poleRe, double poleIm) {
    double sumRe = 0;
    double sumIm = 0;
    for (int k = 0; k < re.length; k++) {
      sumRe += bRe[k] * re[k] - bIm[k] * im[k];
      sumIm += bRe[k] * im[k] + bIm[k] * re[k];
    }
    Complex turn = new Complex(Math.cos(theta), -Math.sin(theta));
    return new Complex(sumRe, sumIm)
        .divide(Complex.ONE.subtract(turn.multiply(new Complex(poleRe, poleIm))));
  }

  /** ‖Σ GᵢU‖² over some pairs. */
  double energy(StateSet taken) {
    double[] outRe = new double[layer.outputs];
    double[] outIm = new double[layer.outputs];
    for (int i : taken.indices().toArray()) {
      Complex x = state(i);
      Complex other = conjugateState(i);
      for (int o = 0; o < layer.outputs; o++) {
        double c = layer.cRe[i][o];
        double d = layer.cIm[i][o];
        outRe[o] +=
            c * (x.getReal() + other.getReal()) - d * (x.getImaginary() - other.getImaginary());
        outIm[o] +=
            c * (x.getImaginary() + other.getImaginary()) + d * (x.getReal() - other.getReal());
      }
    }
    return Layer.square(outRe, outIm);
  }
}
