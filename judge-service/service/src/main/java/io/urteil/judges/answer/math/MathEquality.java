package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Approximated;
import io.urteil.judges.answer.math.MathAnswer.Based;
import io.urteil.judges.answer.math.MathAnswer.Clock;
import io.urteil.judges.answer.math.MathAnswer.Matrix;
import io.urteil.judges.answer.math.MathAnswer.Ordered;
import io.urteil.judges.answer.math.MathAnswer.Ratio;
import io.urteil.judges.answer.math.MathAnswer.RealSet;
import io.urteil.judges.answer.math.MathAnswer.Relation;
import io.urteil.judges.answer.math.MathAnswer.Unordered;
import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.math.MathAnswer.Words;
import io.urteil.judges.answer.number.Rational;
import io.urteil.judges.answer.number.Unit;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether an answer means the same as a reference. */
final class MathEquality {

  private MathEquality() {}

  static boolean same(MathAnswer answer, MathAnswer reference) {
    if (answer instanceof Approximated || reference instanceof Approximated) {
      return sameApproximated(answer, reference);
    }
    if (answer instanceof RealSet || reference instanceof RealSet) {
      return sameSets(answer, reference);
    }
    List<Value> given = Assignments.of(answer);
    List<Value> expected = Assignments.of(reference);
    if (given != null || expected != null) {
      return Assignments.same(answer, given, reference, expected);
    }
    if (answer instanceof Unordered one && !(reference instanceof Unordered)) {
      List<MathAnswer> distinct = distinct(one.items());
      return distinct.size() == 1 && same(distinct.getFirst(), reference);
    }
    if (reference instanceof Unordered one && !(answer instanceof Unordered)) {
      return one.items().size() == 1 && same(answer, one.items().getFirst());
    }
    return switch (answer) {
      case Value value -> sameAsValue(value, reference);
      case Based based ->
          switch (reference) {
            case Based other -> based.equals(other);
            case Value value -> isValueOf(value, based);
            default -> false;
          };
      case Ordered ordered -> sameAsOrdered(ordered, reference);
      case Unordered(Unordered.Kind kind, List<MathAnswer> items) ->
          reference instanceof Unordered other
              && kind == other.kind()
              && sameInAnyOrder(items, other.items());
      case Matrix(List<List<MathAnswer>> rows) ->
          reference instanceof Matrix other
              ? sameRows(rows, other.rows())
              : reference instanceof Ordered ordered && sameVector(rows, ordered);
      case Relation relation ->
          reference instanceof Relation other
              ? Equations.same(relation, other)
              : reference instanceof Value value && Equations.solves(value, relation);
      case Ratio(List<MathNode> parts) ->
          reference instanceof Ratio other && sameRatio(parts, other.parts());
      case Clock clock -> sameClock(clock, reference);
      case Words(String text) -> reference instanceof Words other && text.equals(other.text());
      case RealSet set -> false;
      case Approximated approximated -> false;
    };
  }

  /** The exact value counts; a rounding of it only if both sides name it or it has decimals. */
  private static boolean sameApproximated(MathAnswer answer, MathAnswer reference) {
    if (answer instanceof Approximated one
        && Rounding.contradicts(one.approximation(), one.exact())) {
      return false;
    }
    MathAnswer given = answer instanceof Approximated one ? one.exact() : answer;
    MathAnswer expected = reference instanceof Approximated one ? one.exact() : reference;
    if (same(given, expected)) {
      return true;
    }
    if (reference instanceof Approximated one) {
      return !(answer instanceof Approximated)
          && Rounding.isOf(one.approximation(), one.exact())
          && same(answer, one.approximation());
    }
    return answer instanceof Approximated one
        && Rounding.isOf(one.approximation(), one.exact())
        && Rounding.hasDecimals(reference)
        && same(one.approximation(), reference);
  }

  private static boolean sameSets(MathAnswer answer, MathAnswer reference) {
    Region given = RealSets.region(answer);
    Region expected = RealSets.region(reference);
    String name = answer instanceof RealSet set ? set.name() : null;
    String other = reference instanceof RealSet set ? set.name() : null;
    boolean sameName = name == null || other == null || name.equals(other);
    return given != null && expected != null && sameName && given.same(expected);
  }

  private static boolean sameAsValue(Value value, MathAnswer reference) {
    return switch (reference) {
      case Value other -> sameValue(value, other);
      case Based based -> isValueOf(value, based);
      case Relation relation -> Equations.solves(value, relation);
      case Clock clock -> sameClock(clock, value);
      default -> false;
    };
  }

  private static boolean sameValue(Value value, Value other) {
    Label name = value.name();
    Label otherName = other.name();
    if (name != null && otherName != null && name.contradicts(otherName)) {
      return Equations.same(value, other);
    }
    return !Unit.contradict(value.unit(), other.unit()) && sameAmount(value, other);
  }

  /** The same value, whatever its name; 50 % equals both 50 and 0.5. */
  static boolean sameAmount(Value value, Value other) {
    if (Nodes.same(value.node(), other.node())) {
      return true;
    }
    return value.percent() != other.percent()
        && (value.percent()
            ? Nodes.same(Nodes.hundredth(value.node()), other.node())
            : Nodes.same(value.node(), Nodes.hundredth(other.node())));
  }

  /** The digits without the base, or the number in decimal notation. */
  private static boolean isValueOf(Value value, Based based) {
    Rational number = MathNode.exact(value.node());
    if (number == null || !number.denominator().equals(BigInteger.ONE) || value.percent()) {
      return false;
    }
    String digits = based.digits();
    if (value.node() instanceof MathNode.Constant && number.numerator().toString().equals(digits)) {
      return true;
    }
    try {
      return digits.indexOf('.') < 0
          && digits.length() < 400
          && new BigInteger(digits, based.base()).equals(number.numerator());
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean sameAsOrdered(Ordered ordered, MathAnswer reference) {
    return switch (reference) {
      case Ordered other ->
          ordered.open().equals(other.open())
              && ordered.close().equals(other.close())
              && sameInOrder(ordered.items(), other.items());
      case Matrix(List<List<MathAnswer>> rows) -> sameVector(rows, ordered);
      default -> false;
    };
  }

  /** A column or a row against a point in round brackets. */
  private static boolean sameVector(List<List<MathAnswer>> rows, Ordered ordered) {
    boolean row = rows.size() == 1;
    boolean column = rows.stream().allMatch(cells -> cells.size() == 1);
    if (!(row || column) || !ordered.open().equals("(") || !ordered.close().equals(")")) {
      return false;
    }
    List<MathAnswer> cells = row ? rows.getFirst() : rows.stream().map(List::getFirst).toList();
    return sameInOrder(cells, ordered.items());
  }

  private static boolean sameRows(List<List<MathAnswer>> rows, List<List<MathAnswer>> others) {
    if (rows.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < rows.size(); i++) {
      if (!sameInOrder(rows.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean sameInOrder(List<MathAnswer> items, List<MathAnswer> others) {
    if (items.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < items.size(); i++) {
      if (!same(items.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** As sets, unless the reference names an element twice. */
  private static boolean sameInAnyOrder(List<MathAnswer> given, List<MathAnswer> others) {
    boolean repeats = distinct(others).size() < others.size();
    List<MathAnswer> items = repeats ? given : distinct(given);
    if (items.size() != others.size()) {
      return false;
    }
    List<MathAnswer> left = new ArrayList<>(others);
    for (MathAnswer item : items) {
      int match = -1;
      for (int i = 0; i < left.size() && match < 0; i++) {
        match = same(item, left.get(i)) ? i : -1;
      }
      if (match < 0) {
        return false;
      }
      left.remove(match);
    }
    return true;
  }

  private static List<MathAnswer> distinct(List<MathAnswer> items) {
    List<MathAnswer> distinct = new ArrayList<>();
    for (MathAnswer item : items) {
      if (distinct.stream().noneMatch(other -> same(item, other))) {
        distinct.add(item);
      }
    }
    return distinct;
  }

  private static boolean sameRatio(List<MathNode> parts, List<MathNode> others) {
    if (parts.size() != others.size()) {
      return false;
    }
    for (int i = 1; i < parts.size(); i++) {
      MathNode one = new MathNode.Product(List.of(parts.get(i), others.getFirst()));
      MathNode other = new MathNode.Product(List.of(others.get(i), parts.getFirst()));
      if (!Nodes.same(one, other)) {
        return false;
      }
    }
    return true;
  }

  /** Two times of day must be the same; a time without its half may also be a ratio. */
  private static boolean sameClock(Clock clock, MathAnswer reference) {
    return switch (reference) {
      case Clock other ->
          clock.hour() == other.hour()
              && clock.minute() == other.minute()
              && (clock.half().isEmpty()
                  || other.half().isEmpty()
                  || clock.half().equals(other.half()));
      case Value value ->
          clock.half().isEmpty()
              && Nodes.same(
                  value.node(),
                  new MathNode.Quotient(
                      new MathNode.Constant(Rational.of(clock.hour())),
                      new MathNode.Constant(Rational.of(clock.minute()))));
      default -> false;
    };
  }

  /** Lists in which every value has a name of its own, such as {@code a = 6, b = -1}. */
  private static final class Assignments {

    private static final Pattern LETTER = Pattern.compile("[a-z]");

    private Assignments() {}

    /** The named values of a list or a tuple; null for any other answer. */
    static @Nullable List<Value> of(MathAnswer answer) {
      List<MathAnswer> items =
          switch (answer) {
            case Ordered(String open, List<MathAnswer> tuple, String close) ->
                open.equals("(") && close.equals(")") ? tuple : List.of();
            case Unordered(Unordered.Kind kind, List<MathAnswer> list) ->
                kind == Unordered.Kind.SET ? list : List.of();
            default -> List.of();
          };
      List<Value> values = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (MathAnswer item : items) {
        if (!(item instanceof Value value)
            || value.name() == null
            || !names.add(value.name().text())) {
          return null;
        }
        values.add(value);
      }
      return values.size() < 2 ? null : values;
    }

    /**
     * By name if both sides have names, else by position. A list of assignments to single letters
     * has the order of the letters: {@code y = 3, x = 2} is the point (2, 3).
     */
    static boolean same(
        MathAnswer answer,
        @Nullable List<Value> given,
        MathAnswer reference,
        @Nullable List<Value> expected) {
      if (given == null || expected == null) {
        List<MathAnswer> one = given == null ? unnamed(answer) : inOrder(answer, given);
        List<MathAnswer> other =
            expected == null ? unnamed(reference) : inOrder(reference, expected);
        return one != null && other != null && sameInOrder(one, other);
      }
      if (given.size() != expected.size()) {
        return false;
      }
      for (Value value : given) {
        boolean found =
            expected.stream()
                .anyMatch(
                    other ->
                        value.name() != null
                            && other.name() != null
                            && value.name().text().equals(other.name().text())
                            && sameValue(value, other));
        if (!found) {
          return false;
        }
      }
      return true;
    }

    private static List<MathAnswer> inOrder(MathAnswer answer, List<Value> values) {
      Map<String, MathAnswer> byLetter = new TreeMap<>();
      for (Value value : values) {
        if (value.name() != null && LETTER.matcher(value.name().text()).matches()) {
          byLetter.put(value.name().text(), value);
        }
      }
      return answer instanceof Unordered && byLetter.size() == values.size()
          ? List.copyOf(byLetter.values())
          : List.copyOf(values);
    }

    private static @Nullable List<MathAnswer> unnamed(MathAnswer answer) {
      return switch (answer) {
        case Ordered(String open, List<MathAnswer> items, String close) ->
            open.equals("(") && close.equals(")") ? items : null;
        case Unordered(Unordered.Kind kind, List<MathAnswer> items) ->
            kind == Unordered.Kind.SET ? items : null;
        case Matrix(List<List<MathAnswer>> rows) ->
            rows.stream().allMatch(cells -> cells.size() == 1)
                ? rows.stream().map(List::getFirst).toList()
                : null;
        default -> null;
      };
    }
  }
}
