package io.github.last4j.reference;

/**
 * A complex number of two doubles: all the reference needs, and nothing shared with the toolkit.
 */
public record Cplx(double re, double im) {
  public static final Cplx ZERO = new Cplx(0, 0);

  public static Cplx polar(double radius, double angle) {
    return new Cplx(radius * Math.cos(angle), radius * Math.sin(angle));
  }

  public Cplx plus(Cplx o) {
    return new Cplx(re + o.re, im + o.im);
  }

  public Cplx minus(Cplx o) {
    return new Cplx(re - o.re, im - o.im);
  }

  public Cplx times(Cplx o) {
    return new Cplx(re * o.re - im * o.im, re * o.im + im * o.re);
  }

  public Cplx times(double a) {
    return new Cplx(re * a, im * a);
  }

  public Cplx conjugate() {
    return new Cplx(re, -im);
  }

  /** Smith's division. */
  public Cplx over(Cplx o) {
    if (Math.abs(o.re) >= Math.abs(o.im)) {
      double q = o.im / o.re;
      double d = o.re + o.im * q;
      return new Cplx((re + im * q) / d, (im - re * q) / d);
    }
    double q = o.re / o.im;
    double d = o.re * q + o.im;
    return new Cplx((re * q + im) / d, (im * q - re) / d);
  }

  public double abs() {
    return Math.hypot(re, im);
  }

  public double arg() {
    return Math.atan2(im, re);
  }
}
