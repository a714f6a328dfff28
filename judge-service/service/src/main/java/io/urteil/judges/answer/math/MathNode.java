package io.urteil.judges.answer.math;

import io.urteil.judges.answer.number.Complex;
import io.urteil.judges.answer.number.Rational;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An expression tree. The parser bounds its depth, so recursion is safe. */
sealed interface MathNode {

  /** A number literal. */
  record Constant(Rational value) implements MathNode {}

  /** A variable with its subscript, or one of the constants {@code pi}, {@code e} and {@code i}. */
  record Name(String name) implements MathNode {}

  record Sum(List<MathNode> terms) implements MathNode {}

  record Product(List<MathNode> factors) implements MathNode {}

  record Negated(MathNode node) implements MathNode {}

  record Quotient(MathNode numerator, MathNode denominator) implements MathNode {}

  record Power(MathNode base, MathNode exponent) implements MathNode {}

  /** A function call such as sin(x), log(base, x) or binom(n, k). */
  record Call(String function, List<MathNode> arguments) implements MathNode {}

  /** The exact value; null if it is irrational, too large or contains variables. */
  static @Nullable Rational exact(MathNode node) {
    return switch (node) {
      case Constant(Rational value) -> value;
      case Name name -> null;
      case Negated(MathNode inner) -> {
        Rational value = exact(inner);
        yield value == null ? null : value.negated();
      }
      case Sum(List<MathNode> terms) -> {
        Rational sum = Rational.of(0);
        for (MathNode term : terms) {
          Rational value = sum == null ? null : exact(term);
          sum = sum == null || value == null ? null : sum.plus(value);
        }
        yield sum;
      }
      case Product(List<MathNode> factors) -> {
        Rational product = Rational.ONE;
        for (MathNode factor : factors) {
          Rational value = product == null ? null : exact(factor);
          product = product == null || value == null ? null : product.times(value);
        }
        yield product;
      }
      case Quotient(MathNode numerator, MathNode denominator) -> {
        Rational dividend = exact(numerator);
        Rational divisor = exact(denominator);
        Rational inverse = divisor == null ? null : divisor.inverse();
        yield dividend == null || inverse == null ? null : dividend.times(inverse);
      }
      case Power(MathNode base, MathNode exponent) -> {
        Rational value = exact(base);
        Rational times = exact(exponent);
        yield value == null || times == null ? null : value.power(times);
      }
      case Call call -> null;
    };
  }

  /** The value for these values of the variables; NaN where it is undefined. */
  static Complex at(MathNode node, Map<String, Complex> values) {
    return switch (node) {
      case Constant(Rational value) -> Complex.of(value.doubleValue());
      case Name(String name) ->
          switch (name) {
            case "pi" -> Complex.of(Math.PI);
            case "e" -> Complex.of(Math.E);
            case "i" -> new Complex(0, 1);
            default -> values.getOrDefault(name, Complex.of(Double.NaN));
          };
      case Negated(MathNode inner) -> Complex.ZERO.minus(at(inner, values));
      case Sum(List<MathNode> terms) -> {
        Complex sum = Complex.ZERO;
        for (MathNode term : terms) {
          sum = sum.plus(at(term, values));
        }
        yield sum;
      }
      case Product(List<MathNode> factors) -> {
        Complex product = Complex.ONE;
        for (MathNode factor : factors) {
          product = product.times(at(factor, values));
        }
        yield product;
      }
      case Quotient(MathNode numerator, MathNode denominator) ->
          at(numerator, values).dividedBy(at(denominator, values));
      case Power(MathNode base, MathNode exponent) -> power(at(base, values), exponent, values);
      case Call(String function, List<MathNode> arguments) ->
          MathFunctions.call(
              function, arguments.stream().map(argument -> at(argument, values)).toList());
    };
  }

  /** A power; with an odd root of a negative number, the real one, as for {@code \sqrt[3]{x}}. */
  private static Complex power(Complex base, MathNode exponent, Map<String, Complex> values) {
    boolean negative = base.im() == 0 && base.re() < 0;
    Rational fraction = negative ? exact(exponent) : null;
    if (fraction != null
        && fraction.denominator().testBit(0)
        && fraction.denominator().bitLength() > 1) {
      double size = Math.pow(-base.re(), fraction.doubleValue());
      return Complex.of(fraction.numerator().testBit(0) ? -size : size);
    }
    return base.power(at(exponent, values));
  }

  /** Adds the names of the variables; the constants are not variables. */
  static void names(MathNode node, Set<String> names) {
    switch (node) {
      case Constant constant -> {}
      case Name(String name) -> {
        if (!name.equals("pi") && !name.equals("e") && !name.equals("i")) {
          names.add(name);
        }
      }
      case Negated(MathNode inner) -> names(inner, names);
      case Sum(List<MathNode> terms) -> terms.forEach(term -> names(term, names));
      case Product(List<MathNode> factors) -> factors.forEach(factor -> names(factor, names));
      case Quotient(MathNode numerator, MathNode denominator) -> {
        names(numerator, names);
        names(denominator, names);
      }
      case Power(MathNode base, MathNode exponent) -> {
        names(base, names);
        names(exponent, names);
      }
      case Call(String function, List<MathNode> arguments) ->
          arguments.forEach(argument -> names(argument, names));
    }
  }
}
