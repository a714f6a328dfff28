package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.Region.Bound;
import io.urteil.judges.answer.number.Complex;
import io.urteil.judges.answer.number.Rational;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An expression of the form {@code factor · x + rest} in one variable, with real numbers. Solves a
 * linear inequality.
 */
record Affine(Bound factor, Bound rest) {

  private static final Bound ZERO = Bound.of(Rational.of(0));

  /** The form of an expression; null if it is not linear in the variable. */
  static @Nullable Affine of(MathNode node, String name) {
    TreeSet<String> names = new TreeSet<>();
    MathNode.names(node, names);
    if (!names.contains(name)) {
      Bound value = names.isEmpty() ? bound(node) : null;
      return value == null || !value.isFinite() ? null : new Affine(ZERO, value);
    }
    return switch (node) {
      case MathNode.Name(String variable) ->
          variable.equals(name) ? new Affine(Bound.of(Rational.ONE), ZERO) : null;
      case MathNode.Negated(MathNode inner) -> scaled(of(inner, name), Bound.of(Rational.of(-1)));
      case MathNode.Sum(List<MathNode> terms) -> {
        Affine sum = new Affine(ZERO, ZERO);
        for (MathNode term : terms) {
          Affine part = sum == null ? null : of(term, name);
          sum =
              sum == null || part == null
                  ? null
                  : new Affine(plus(sum.factor, part.factor), plus(sum.rest, part.rest));
        }
        yield sum;
      }
      case MathNode.Product(List<MathNode> factors) -> {
        Affine product = new Affine(ZERO, Bound.of(Rational.ONE));
        for (MathNode one : factors) {
          Affine part = product == null ? null : of(one, name);
          if (product == null || part == null) {
            product = null;
          } else if (isZero(part.factor)) {
            product = scaled(product, part.rest);
          } else {
            product = isZero(product.factor) ? scaled(part, product.rest) : null;
          }
        }
        yield product;
      }
      case MathNode.Quotient(MathNode numerator, MathNode denominator) -> {
        Affine divisor = of(denominator, name);
        yield divisor == null || !isZero(divisor.factor) || isZero(divisor.rest)
            ? null
            : scaled(of(numerator, name), inverse(divisor.rest));
      }
      case MathNode.Constant constant -> null;
      case MathNode.Power power -> null;
      case MathNode.Call call -> null;
    };
  }

  /** The real value of an expression without variables, possibly infinite; null without one. */
  static @Nullable Bound bound(MathNode node) {
    Rational exact = MathNode.exact(node);
    if (exact != null) {
      return Bound.of(exact);
    }
    int infinite = infinite(node);
    if (infinite != 0) {
      return new Bound(infinite * Double.POSITIVE_INFINITY, null);
    }
    TreeSet<String> names = new TreeSet<>();
    MathNode.names(node, names);
    if (!names.isEmpty()) {
      return null;
    }
    Complex value = MathNode.at(node, Map.of());
    return value.isUsable() && value.im() == 0 ? new Bound(value.re(), null) : null;
  }

  /** 1 for infinity, -1 for minus infinity, 0 for anything else. */
  private static int infinite(MathNode node) {
    return switch (node) {
      case MathNode.Name(String name) -> name.equals("infty") ? 1 : 0;
      case MathNode.Negated(MathNode inner) -> -infinite(inner);
      default -> 0;
    };
  }

  Affine minus(Affine other) {
    return new Affine(plus(factor, other.factor.negated()), plus(rest, other.rest.negated()));
  }

  /** Where {@code this < 0}, or {@code this <= 0}; null if it does not depend on the variable. */
  @Nullable Region negative(boolean closed) {
    if (isZero(factor)) {
      return null;
    }
    Bound at = times(rest, inverse(factor)).negated();
    return factor.value() > 0 ? Region.below(at, closed) : Region.above(at, closed);
  }

  /** Where {@code this = 0}; null if it does not depend on the variable. */
  @Nullable Region zero() {
    return isZero(factor) ? null : Region.point(times(rest, inverse(factor)).negated());
  }

  private static @Nullable Affine scaled(@Nullable Affine affine, Bound by) {
    return affine == null ? null : new Affine(times(affine.factor, by), times(affine.rest, by));
  }

  private static boolean isZero(Bound bound) {
    return bound.value() == 0;
  }

  private static Bound plus(Bound one, Bound other) {
    Rational exact =
        one.exact() == null || other.exact() == null ? null : one.exact().plus(other.exact());
    return exact == null ? new Bound(one.value() + other.value(), null) : Bound.of(exact);
  }

  private static Bound times(Bound one, Bound other) {
    Rational exact =
        one.exact() == null || other.exact() == null ? null : one.exact().times(other.exact());
    return exact == null ? new Bound(one.value() * other.value(), null) : Bound.of(exact);
  }

  private static Bound inverse(Bound bound) {
    Rational exact = bound.exact() == null ? null : bound.exact().inverse();
    return exact == null ? new Bound(1 / bound.value(), null) : Bound.of(exact);
  }
}
