package io.urteil.judges.answer.math;

/** A complex number in double precision. Powers and logarithms use the principal branch. */
record Complex(double re, double im) {

  static final Complex ZERO = new Complex(0, 0);
  static final Complex ONE = new Complex(1, 0);

  static Complex of(double re) {
    return new Complex(re, 0);
  }

  Complex plus(Complex other) {
    return new Complex(re + other.re, im + other.im);
  }

  Complex minus(Complex other) {
    return new Complex(re - other.re, im - other.im);
  }

  Complex times(Complex other) {
    return new Complex(re * other.re - im * other.im, re * other.im + im * other.re);
  }

  Complex dividedBy(Complex other) {
    double size = other.re * other.re + other.im * other.im;
    return new Complex(
        (re * other.re + im * other.im) / size, (im * other.re - re * other.im) / size);
  }

  double abs() {
    return Math.hypot(re, im);
  }

  Complex exp() {
    double size = Math.exp(re);
    return new Complex(size * Math.cos(im), im == 0 ? 0 : size * Math.sin(im));
  }

  Complex log() {
    return new Complex(Math.log(abs()), Math.atan2(im, re));
  }

  Complex power(Complex exponent) {
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

  Complex sin() {
    return new Complex(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im));
  }

  Complex cos() {
    return new Complex(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im));
  }

  boolean isUsable() {
    return Double.isFinite(re) && Double.isFinite(im);
  }

  /** Equal within 1e-9 of the larger magnitude, or within 1e-12 near zero. */
  boolean closeTo(Complex other) {
    return minus(other).abs() <= 1e-9 * Math.max(Math.max(abs(), other.abs()), 1e-3);
  }
}
