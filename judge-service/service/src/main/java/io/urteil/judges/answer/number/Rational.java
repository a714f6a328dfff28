package io.urteil.judges.answer.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * An exact fraction in lowest terms with a positive denominator. Results larger than {@link
 * #MAX_BITS} are null, which bounds the work that a text can cause.
 */
public record Rational(BigInteger numerator, BigInteger denominator)
    implements Comparable<Rational> {

  public static final Rational ONE = of(1);

  private static final int MAX_BITS = 8192;

  /** Tolerates rounding of binary floating point, such as 119.69999999999999. */
  private static final Rational TOLERANCE = new Rational(BigInteger.ONE, BigInteger.TEN.pow(12));

  private static final BigInteger LONG_DECIMAL = BigInteger.TEN.pow(10);

  public static Rational of(long value) {
    return new Rational(BigInteger.valueOf(value), BigInteger.ONE);
  }

  public static Rational of(BigDecimal value) {
    return value.scale() <= 0
        ? new Rational(value.toBigIntegerExact(), BigInteger.ONE)
        : reduced(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
  }

  /** The fraction of two whole numbers, the second of which is not 0. */
  public static Rational of(BigInteger numerator, BigInteger denominator) {
    return reduced(numerator, denominator);
  }

  private static Rational reduced(BigInteger numerator, BigInteger denominator) {
    BigInteger divisor = numerator.gcd(denominator);
    BigInteger sign = denominator.signum() < 0 ? BigInteger.ONE.negate() : BigInteger.ONE;
    return new Rational(
        numerator.divide(divisor).multiply(sign), denominator.divide(divisor).multiply(sign));
  }

  private static @Nullable Rational bounded(BigInteger numerator, BigInteger denominator) {
    return numerator.bitLength() > MAX_BITS || denominator.bitLength() > MAX_BITS
        ? null
        : reduced(numerator, denominator);
  }

  public @Nullable Rational plus(Rational other) {
    return bounded(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  public @Nullable Rational times(Rational other) {
    return bounded(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  public Rational negated() {
    return new Rational(numerator.negate(), denominator);
  }

  /** The reciprocal; null for 0. */
  public @Nullable Rational inverse() {
    return numerator.signum() == 0 ? null : reduced(denominator, numerator);
  }

  /** An integer power; null if the exponent is not an integer or the result is too large. */
  public @Nullable Rational power(Rational exponent) {
    if (!exponent.denominator.equals(BigInteger.ONE) || exponent.numerator.bitLength() > 13) {
      return null;
    }
    int times = exponent.numerator.intValueExact();
    long bits = Math.max(numerator.bitLength(), denominator.bitLength());
    if (bits * Math.abs(times) > MAX_BITS) {
      return null;
    }
    Rational power = new Rational(numerator.pow(Math.abs(times)), denominator.pow(Math.abs(times)));
    return times < 0 ? power.inverse() : power;
  }

  /** Whether both are equal; long decimals may differ by the rounding of floating point. */
  public boolean sameAs(Rational other) {
    if (equals(other)) {
      return true;
    }
    if (denominator.compareTo(LONG_DECIMAL) < 0 && other.denominator.compareTo(LONG_DECIMAL) < 0) {
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
    return new Rational(numerator.abs(), denominator);
  }

  @Override
  public int compareTo(Rational other) {
    return signOfDifference(other);
  }

  private int signOfDifference(Rational other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  public double doubleValue() {
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), java.math.MathContext.DECIMAL128)
        .doubleValue();
  }
}
