package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.number.Rational;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Whether a decimal is the rounding of another value. */
final class Rounding {

  private static final double LARGEST_RELATIVE = 0.01;

  /** Beyond this, what follows the sign is another value. */
  private static final double LARGEST_ERROR = 0.25;

  private Rounding() {}

  /** Whether an answer is a decimal with at least two digits behind the point. */
  static boolean hasDecimals(MathAnswer answer) {
    return decimals(answer) >= 2;
  }

  /** Whether an approximation differs from the exact value by at most half of its last digit. */
  static boolean isOf(MathAnswer approximation, MathAnswer exact) {
    int decimals = decimals(approximation);
    if (decimals < 1
        || !(approximation instanceof Value rounded)
        || !(exact instanceof Value value)
        || rounded.percent() != value.percent()) {
      return false;
    }
    Region.Bound low = Affine.bound(rounded.node());
    Region.Bound high = Affine.bound(value.node());
    if (low == null || high == null || !high.isFinite()) {
      return false;
    }
    double difference = Math.abs(low.value() - high.value());
    return difference <= 0.500001 * Math.pow(10, -decimals)
        && difference <= LARGEST_RELATIVE * Math.abs(high.value());
  }

  /** Whether an approximation is so far from the exact value that the answer names two values. */
  static boolean contradicts(MathAnswer approximation, MathAnswer exact) {
    if (!(exact instanceof Value value) || Affine.bound(value.node()) == null) {
      return false;
    }
    Region.Bound high = Affine.bound(value.node());
    if (high == null
        || !(approximation instanceof Value rounded)
        || Affine.bound(rounded.node()) == null) {
      return true;
    }
    Region.Bound low = Affine.bound(rounded.node());
    double unit = rounded.percent() && !value.percent() ? 0.01 : 1;
    return low == null
        || Math.abs(unit * low.value() - high.value()) > LARGEST_ERROR * Math.abs(high.value());
  }

  private static int decimals(MathAnswer answer) {
    Rational number = answer instanceof Value value ? literal(value.node()) : null;
    if (number == null) {
      return -1;
    }
    BigInteger power = BigInteger.ONE;
    for (int decimals = 0; decimals < 20; decimals++) {
      if (power.mod(number.denominator()).signum() == 0) {
        return decimals;
      }
      power = power.multiply(BigInteger.TEN);
    }
    return -1;
  }

  private static @Nullable Rational literal(MathNode node) {
    return switch (node) {
      case MathNode.Constant(Rational value) -> value;
      case MathNode.Negated(MathNode inner) ->
          inner instanceof MathNode.Constant ? MathNode.exact(node) : null;
      default -> null;
    };
  }
}
