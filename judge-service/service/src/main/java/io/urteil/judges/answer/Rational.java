package io.urteil.judges.answer;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An exact fraction in lowest terms, its denominator above 0. Results that would grow beyond {@link
 * #MAX_BITS} are null, so that no text can ask for more work than that.
 */
record Rational(BigInteger top, BigInteger bottom) {

  static final Rational ONE = of(1);

  private static final int MAX_BITS = 8192;

  /** Room for what binary floating point adds, such as 119.69999999999999. */
  private static final Rational TOLERANCE = new Rational(BigInteger.ONE, BigInteger.TEN.pow(12));

  private static final BigInteger LONG_DECIMAL = BigInteger.TEN.pow(10);

  static Rational of(long value) {
    return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
  }

  static Rational of(BigDecimal value) {
    return value.scale() <= 0
        ? new Rational(value.toBigIntegerExact(), BigInteger.ONE)
        : reduced(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
  }

  private static Rational reduced(BigInteger top, BigInteger bottom) {
    BigInteger divisor = top.gcd(bottom);
    BigInteger sign = bottom.signum() < 0 ? BigInteger.ONE.negate() : BigInteger.ONE;
    return new Rational(top.divide(divisor).multiply(sign), bottom.divide(divisor).multiply(sign));
  }

  private static @Nullable Rational bounded(BigInteger top, BigInteger bottom) {
    return top.bitLength() > MAX_BITS || bottom.bitLength() > MAX_BITS
        ? null
        : reduced(top, bottom);
  }

  @Nullable Rational plus(Rational other) {
    return bounded(
        top.multiply(other.bottom).add(other.top.multiply(bottom)), bottom.multiply(other.bottom));
  }

  @Nullable Rational times(Rational other) {
    return bounded(top.multiply(other.top), bottom.multiply(other.bottom));
  }

  Rational negated() {
    return new Rational(top.negate(), bottom);
  }

  /** One over this; null for 0. */
  @Nullable Rational inverse() {
    return top.signum() == 0 ? null : reduced(bottom, top);
  }

  /** A whole power; null when the exponent is none, or the result too large. */
  @Nullable Rational power(Rational exponent) {
    if (!exponent.bottom.equals(BigInteger.ONE) || exponent.top.bitLength() > 13) {
      return null;
    }
    int times = exponent.top.intValueExact();
    long bits = Math.max(top.bitLength(), bottom.bitLength());
    if (bits * Math.abs(times) > MAX_BITS) {
      return null;
    }
    Rational power = new Rational(top.pow(Math.abs(times)), bottom.pow(Math.abs(times)));
    return times < 0 ? power.inverse() : power;
  }

  /** Whether both are the same number, but for what floating point adds to long decimals. */
  boolean sameAs(Rational other) {
    if (equals(other)) {
      return true;
    }
    if (bottom.compareTo(LONG_DECIMAL) < 0 && other.bottom.compareTo(LONG_DECIMAL) < 0) {
      return false;
    }
    Rational difference = plus(other.negated());
    Rational larger = magnitude().signOfDifference(other.magnitude()) < 0 ? other : this;
    Rational allowed = larger.magnitude().times(TOLERANCE);
    return difference != null
        && allowed != null
        && difference.magnitude().signOfDifference(allowed) <= 0;
  }

  private Rational magnitude() {
    return new Rational(top.abs(), bottom);
  }

  private int signOfDifference(Rational other) {
    return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
  }

  double doubleValue() {
    return new BigDecimal(top)
        .divide(new BigDecimal(bottom), java.math.MathContext.DECIMAL128)
        .doubleValue();
  }
}
