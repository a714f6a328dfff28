package io.urteil.judges.answer.number;

/** A complex number in double precision. Powers and logarithms use the principal branch. */
public record Complex(double re, double im) {

  public static final Complex ZERO = new Complex(0, 0);
  public static final Complex ONE = new Complex(1, 0);

  public static Complex of(double re) {
    return new Complex(re, 0);
  }

  public Complex plus(Complex other) {
    return new Complex(re + other.re, im + other.im);
  }

  public Complex minus(Complex other) {
    return new Complex(re - other.re, im - other.im);
  }

  public Complex times(Complex other) {
    return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
  }

  public Complex dividedBy(Complex other) {
    double size = other.re * other.re + other.im * other.im;
    return new Complex(
        (re * other.re + im * other.im) / size, (im * other.re - re * other.im) / size);
  }

  public double abs() {
    return Math.hypot(re, im);
  }

  public Complex exp() {
    double size = Math.exp(re);
    return new Complex(size * Math.cos(im), im == 0 ? 0 : size * Math.sin(im));
  }

  public Complex log() {
    return new Complex(Math.log(abs()), Math.atan2(im, re));
  }

  public Complex power(Complex exponent) {
    if (exponent.equals(ZERO)) {
      return ONE;
    }
    if (re == 0 && im == 0) {
      return exponent.re > 0 ? ZERO : new Complex(Double.NaN, 0);
    }
    if (im == 0 && exponent.im == 0 && (re > 0 || exponent.re == Math.rint(exponent.re))) {
      return of(Math.pow(re, exponent.re));
    }
    return log().times(exponent).exp();
  }

  public Complex sin() {
    return new Complex(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im));
  }

  public Complex cos() {
    return new Complex(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im));
  }

  public boolean isUsable() {
    return Double.isFinite(re) && Double.isFinite(im);
  }

  /** Equal within 1e-9 of the larger magnitude, or within 1e-12 near zero. */
  public boolean closeTo(Complex other) {
    return minus(other).abs() <= 1e-9 * Math.max(Math.max(abs(), other.abs()), 1e-3);
  }
}
