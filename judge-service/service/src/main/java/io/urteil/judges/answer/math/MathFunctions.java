package io.urteil.judges.answer.math;

import io.urteil.judges.answer.number.Complex;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;

/** The values of named functions. */
final class MathFunctions {

  /** Prefix of the functions that only have a name. */
  static final String APPLIED = "apply ";

  private static final Complex NOT_A_NUMBER = Complex.of(Double.NaN);

  private MathFunctions() {}

  /** The value of a function; NaN where it is undefined or unknown. */
  static Complex call(String function, List<Complex> arguments) {
    Complex x = arguments.getLast();
    return switch (function) {
      case "sqrt" -> x.power(Complex.of(0.5));
      case "root" -> realRoot(arguments.getFirst(), x);
      case "sin" -> x.sin();
      case "cos" -> x.cos();
      case "tan" -> x.sin().dividedBy(x.cos());
      case "cot" -> x.cos().dividedBy(x.sin());
      case "sec" -> Complex.ONE.dividedBy(x.cos());
      case "csc" -> Complex.ONE.dividedBy(x.sin());
      case "arcsin" -> real(x, Math.asin(x.re()));
      case "arccos" -> real(x, Math.acos(x.re()));
      case "arctan" -> real(x, Math.atan(x.re()));
      case "ln" -> x.log();
      case "log" -> x.log().dividedBy(arguments.getFirst().log());
      case "exp" -> x.exp();
      case "abs" -> Complex.of(x.abs());
      case "sinh" -> x.exp().minus(negated(x).exp()).dividedBy(Complex.of(2));
      case "cosh" -> x.exp().plus(negated(x).exp()).dividedBy(Complex.of(2));
      case "tanh" -> call("sinh", arguments).dividedBy(call("cosh", arguments));
      case "coth" -> call("cosh", arguments).dividedBy(call("sinh", arguments));
      case "sech" -> Complex.ONE.dividedBy(call("cosh", arguments));
      case "csch" -> Complex.ONE.dividedBy(call("sinh", arguments));
      case "arcsinh" -> x.plus(x.times(x).plus(Complex.ONE).power(Complex.of(0.5))).log();
      case "max" -> extreme(arguments, Math::max);
      case "min" -> extreme(arguments, Math::min);
      case "gcd", "lcm" -> common(function, arguments);
      case "floor" -> real(x, Math.floor(x.re() + 1e-12));
      case "ceil" -> real(x, Math.ceil(x.re() - 1e-12));
      case "factorial" -> factorial(x);
      case "binom" ->
          factorial(arguments.getFirst())
              .dividedBy(factorial(x).times(factorial(arguments.getFirst().minus(x))));
      default -> function.startsWith(APPLIED) ? unknown(function, arguments) : NOT_A_NUMBER;
    };
  }

  private static Complex negated(Complex x) {
    return Complex.ZERO.minus(x);
  }

  private static Complex extreme(List<Complex> arguments, DoubleBinaryOperator choice) {
    double value = arguments.getFirst().re();
    for (Complex argument : arguments) {
      value = argument.im() == 0 ? choice.applyAsDouble(value, argument.re()) : Double.NaN;
    }
    return Complex.of(value);
  }

  /**
   * The greatest common divisor or least common multiple; of other values, a symmetric stand-in.
   */
  private static Complex common(String function, List<Complex> arguments) {
    boolean whole = true;
    for (Complex argument : arguments) {
      whole &=
          argument.im() == 0
              && argument.re() == Math.rint(argument.re())
              && Math.abs(argument.re()) < 1e9;
    }
    if (!whole) {
      Complex sum = Complex.ZERO;
      for (Complex argument : arguments) {
        sum = sum.plus(unknown(APPLIED + function, List.of(argument)));
      }
      return sum;
    }
    long value = Math.abs((long) arguments.getFirst().re());
    for (Complex argument : arguments) {
      long next = Math.abs((long) argument.re());
      long divisor = divisor(value, next);
      value = function.equals("gcd") ? divisor : divisor == 0 ? 0 : value / divisor * next;
      if (value > 1L << 52) {
        return NOT_A_NUMBER;
      }
    }
    return Complex.of((double) value);
  }

  private static long divisor(long one, long other) {
    return other == 0 ? one : divisor(other, one % other);
  }

  /**
   * A value for a function that only has a name, such as f in {@code f(x+1)}: equal arguments give
   * equal values, and no formula without the name gives them.
   */
  private static Complex unknown(String function, List<Complex> arguments) {
    SplittableRandom random = new SplittableRandom(function.hashCode());
    Complex value = Complex.of(1 + random.nextDouble());
    for (Complex argument : arguments) {
      Complex scaled = argument.times(Complex.of(0.1 + 0.3 * random.nextDouble()));
      value = value.times(Complex.of(1.3)).plus(scaled.plus(Complex.of(random.nextDouble())).sin());
    }
    return value;
  }

  private static Complex realRoot(Complex degree, Complex x) {
    boolean odd = degree.im() == 0 && Math.abs(degree.re() % 2) == 1;
    return odd && x.im() == 0 && x.re() < 0
        ? Complex.of(-Math.pow(-x.re(), 1 / degree.re()))
        : x.power(Complex.ONE.dividedBy(degree));
  }

  private static Complex real(Complex x, double value) {
    return Complex.of(x.im() == 0 ? value : Double.NaN);
  }

  private static Complex factorial(Complex x) {
    double n = x.re();
    if (x.im() != 0 || n < 0 || n > 170 || n != Math.rint(n)) {
      return Complex.of(Double.NaN);
    }
    double product = 1;
    for (int k = 2; k <= n; k++) {
      product *= k;
    }
    return Complex.of(product);
  }
}
