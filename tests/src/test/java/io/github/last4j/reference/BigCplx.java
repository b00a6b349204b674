package io.github.last4j.reference;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** A complex number of 60 decimal digits, so that the reference is exact where doubles cancel. */
record BigCplx(BigDecimal re, BigDecimal im) {
  static final MathContext MC = new MathContext(60, RoundingMode.HALF_EVEN);
  static final BigDecimal TWO = BigDecimal.valueOf(2);
  static final BigCplx ONE = new BigCplx(BigDecimal.ONE, BigDecimal.ZERO);
  private static final BigDecimal TWO_PI =
      new BigDecimal(
          "6.28318530717958647692528676655900576839433879875021164194988918461563281257241799725606965");

  static BigCplx of(Cplx z) {
    return new BigCplx(new BigDecimal(z.re(), MC), new BigDecimal(z.im(), MC));
  }

  Cplx round() {
    return new Cplx(re.doubleValue(), im.doubleValue());
  }

  BigCplx plus(BigCplx o) {
    return new BigCplx(re.add(o.re, MC), im.add(o.im, MC));
  }

  BigCplx minus(BigCplx o) {
    return new BigCplx(re.subtract(o.re, MC), im.subtract(o.im, MC));
  }

  BigCplx times(BigCplx o) {
    return new BigCplx(
        re.multiply(o.re, MC).subtract(im.multiply(o.im, MC), MC),
        re.multiply(o.im, MC).add(im.multiply(o.re, MC), MC));
  }

  BigCplx times(BigDecimal a) {
    return new BigCplx(re.multiply(a, MC), im.multiply(a, MC));
  }

  BigCplx over(BigCplx o) {
    BigDecimal d = o.squaredAbs();
    BigCplx n = times(new BigCplx(o.re, o.im.negate()));
    return new BigCplx(n.re.divide(d, MC), n.im.divide(d, MC));
  }

  BigDecimal squaredAbs() {
    return re.multiply(re, MC).add(im.multiply(im, MC), MC);
  }

  /** exp(z) - 1: the Taylor series at z/2^k, then k times e(2z) = e(z) (e(z) + 2). */
  BigCplx expm1() {
    BigDecimal turns = im.divide(TWO_PI, MC).setScale(0, RoundingMode.HALF_EVEN);
    BigCplx z = new BigCplx(re, im.subtract(turns.multiply(TWO_PI), MC));
    int halvings = 0;
    double size = Math.max(Math.abs(z.re.doubleValue()), Math.abs(z.im.doubleValue()));
    while (size > 1.0 / 64) {
      size /= 2;
      halvings++;
    }
    z = z.times(BigDecimal.ONE.divide(TWO.pow(halvings), MC));
    BigCplx term = z;
    BigCplx sum = z;
    for (int m = 2; m <= 40; m++) {
      term = term.times(z).times(BigDecimal.ONE.divide(BigDecimal.valueOf(m), MC));
      sum = sum.plus(term);
      if (size == 0 || Math.pow(size, m) < 1e-64 * size) {
        break;
      }
    }
    BigCplx two = new BigCplx(TWO, BigDecimal.ZERO);
    for (int i = 0; i < halvings; i++) {
      sum = sum.times(sum.plus(two));
    }
    return sum;
  }
}
