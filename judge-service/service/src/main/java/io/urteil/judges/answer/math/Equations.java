package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Relation;
import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.number.Complex;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares relations, whether or not they are solved for a letter. Two are equal if the differences
 * of their sides are proportional; for inequalities the factor must be positive.
 */
final class Equations {

  private Equations() {}

  static boolean same(Relation relation, Relation other) {
    if (!relation.operator().equals(other.operator())) {
      return false;
    }
    TreeSet<String> names = new TreeSet<>();
    for (MathNode side : List.of(relation.left(), relation.right(), other.left(), other.right())) {
      MathNode.names(side, names);
    }
    boolean orders = !relation.operator().equals("=") && !relation.operator().equals("ne");
    Complex factor = null;
    int usable = 0;
    for (int point = 0; point < Nodes.POINTS; point++) {
      Map<String, Complex> values = Nodes.values(names, point);
      Complex difference =
          MathNode.at(relation.left(), values).minus(MathNode.at(relation.right(), values));
      Complex otherDifference =
          MathNode.at(other.left(), values).minus(MathNode.at(other.right(), values));
      Complex ratio = difference.dividedBy(otherDifference);
      if (!ratio.isUsable() || ratio.abs() < 1e-12) {
        continue;
      }
      usable++;
      if (factor != null && !ratio.closeTo(factor)) {
        return false;
      }
      factor = ratio;
    }
    boolean sameDirection =
        factor != null && Math.abs(factor.im()) < 1e-9 && (!orders || factor.re() > 0);
    return usable >= Nodes.MIN_POINTS && sameDirection;
  }

  /** Whether a value that has a letter as its name is an equation solved for that letter. */
  static boolean solves(Value value, Relation relation) {
    Relation solved = relation(value);
    return solved != null && same(solved, relation);
  }

  /** Whether both are one equation that is solved for different letters: {@code u = 3v}. */
  static boolean same(Value value, Value other) {
    Relation one = relation(value);
    Relation two = relation(other);
    return one != null
        && two != null
        && mentions(value.node(), other.name())
        && mentions(other.node(), value.name())
        && same(one, two);
  }

  private static boolean mentions(MathNode node, @Nullable Label name) {
    Set<String> names = new HashSet<>();
    MathNode.names(node, names);
    return name != null && names.contains(name.text());
  }

  private static @Nullable Relation relation(Value value) {
    Label name = value.name();
    return name == null || name.kind() != Label.Kind.LETTER || value.percent()
        ? null
        : new Relation(new MathNode.Name(name.text()), "=", value.node());
  }
}
