package io.urteil.judges.answer.math;

import io.urteil.judges.answer.number.Complex;
import io.urteil.judges.answer.number.Rational;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Compares expressions: exactly if they are rational, in double precision without variables, and
 * else by their values at fixed pseudo-random points.
 */
final class Nodes {

  static final int POINTS = 8;
  static final int MIN_POINTS = 3;
  private static final MathNode HUNDRED = new MathNode.Constant(Rational.of(100));

  private Nodes() {}

  static MathNode hundredth(MathNode node) {
    return new MathNode.Quotient(node, HUNDRED);
  }

  static boolean same(MathNode node, MathNode other) {
    Rational exact = MathNode.exact(node);
    Rational otherExact = MathNode.exact(other);
    if (exact != null && otherExact != null) {
      return exact.sameAs(otherExact);
    }
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> otherNames = new TreeSet<>();
    MathNode.names(node, names);
    MathNode.names(other, otherNames);
    if (names.isEmpty() && otherNames.isEmpty()) {
      Complex value = MathNode.at(node, Map.of());
      Complex otherValue = MathNode.at(other, Map.of());
      boolean usable = value.isUsable() && otherValue.isUsable();
      return usable ? value.closeTo(otherValue) : node.equals(other);
    }
    names.addAll(otherNames);
    int points = 0;
    for (int point = 0; point < POINTS; point++) {
      Map<String, Complex> values = values(names, point);
      Complex value = MathNode.at(node, values);
      Complex otherValue = MathNode.at(other, values);
      if (value.isUsable() != otherValue.isUsable()
          || (value.isUsable() && !value.closeTo(otherValue))) {
        return false;
      }
      points += value.isUsable() ? 1 : 0;
    }
    return points >= MIN_POINTS || node.equals(other);
  }

  /** The values of variables at a point, positive and negative. */
  static Map<String, Complex> values(Set<String> names, int point) {
    Map<String, Complex> values = new HashMap<>();
    for (String name : names) {
      SplittableRandom random = new SplittableRandom(31L * name.hashCode() + point);
      double value = 0.3 + 1.9 * random.nextDouble();
      values.put(name, Complex.of(random.nextBoolean() ? value : -value));
    }
    return values;
  }
}
