package io.urteil.judges.answer;

import io.urteil.judges.answer.MathAnswer.Based;
import io.urteil.judges.answer.MathAnswer.Matrix;
import io.urteil.judges.answer.MathAnswer.Ordered;
import io.urteil.judges.answer.MathAnswer.Relation;
import io.urteil.judges.answer.MathAnswer.Unordered;
import io.urteil.judges.answer.MathAnswer.Value;
import io.urteil.judges.answer.MathAnswer.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compares mathematical answers by their values. Rational numbers are compared exactly, irrational
 * ones in double precision, and expressions with variables by their values at fixed pseudo-random
 * points. Two expressions are equal if they agree within 1e-9 at all points; a false match is
 * practically impossible for rational functions of this length. There is no symbolic
 * simplification, so the work is linear in the length of the answer.
 */
final class MathComparison implements AnswerComparison {

  private static final int POINTS = 8;
  private static final int MIN_POINTS = 3;
  private static final Pattern PROSE =
      Pattern.compile("(?<![\\\\A-Za-z{])[A-Za-z]{2,}(?![A-Za-z(])");
  private static final Rational HUNDRED = Rational.of(100);

  private final NumberComparison numbers = new NumberComparison();

  @Override
  public String name() {
    return "math";
  }

  /** The last box takes precedence over later markers, as in the grading of the MATH data set. */
  @Override
  public Optional<String> stated(String text) {
    return FinalAnswer.boxed(text).or(() -> FinalAnswer.stated(text));
  }

  /** A reference of one line without a marker is the answer as a whole, also if it is words. */
  @Override
  public Optional<String> expected(String reference) {
    String only = reference.strip();
    return stated(reference)
        .or(() -> only.indexOf('\n') < 0 ? Optional.of(only) : unstated(reference));
  }

  @Override
  public Optional<String> unstated(String text) {
    String only = text.strip();
    return !only.isEmpty() && only.indexOf('\n') < 0 && isWholly(only)
        ? Optional.of(only)
        : Quantity.lastIn(text);
  }

  /** Whether the line is a formula without prose; adjacent letters would parse as a product. */
  private static boolean isWholly(String line) {
    return !PROSE.matcher(line).find() && !(MathAnswer.of(line) instanceof Words);
  }

  @Override
  public boolean canRead(String answer) {
    return answer.length() <= MathAnswer.MAX_LENGTH
        && (!(MathAnswer.of(answer) instanceof Words)
            || MathAnswer.plain(answer).chars().anyMatch(Character::isLetterOrDigit));
  }

  @Override
  public boolean equal(String answer, String reference) {
    MathAnswer given = MathAnswer.of(answer);
    MathAnswer expected = MathAnswer.of(reference);
    if (same(given, expected)) {
      return true;
    }
    if (isNumberInProse(given, answer) && expected instanceof Value value) {
      return value.percent() || MathNode.exact(value.node()) != null
          ? numbers.equal(answer, reference)
          : false;
    }
    if (given instanceof Words || expected instanceof Words) {
      String plain = MathAnswer.plain(reference);
      return plain.chars().anyMatch(Character::isLetter) && plain.equals(MathAnswer.plain(answer));
    }
    return answer.indexOf(',') >= 0
        && reference.indexOf(',') >= 0
        && same(MathAnswer.of(spaced(answer)), MathAnswer.of(spaced(reference)));
  }

  /** A number within prose, such as {@code 18 dollars per day}. */
  private static boolean isNumberInProse(MathAnswer given, String answer) {
    return (given instanceof Value || given instanceof Words) && PROSE.matcher(answer).find();
  }

  /** Makes every comma a separator of answers instead of a thousands separator. */
  private static String spaced(String answer) {
    return answer.replace(",", ", ");
  }

  private static boolean same(MathAnswer answer, MathAnswer reference) {
    return switch (answer) {
      case Value value ->
          switch (reference) {
            case Value other -> sameValue(value, other);
            case Based(String digits, var base) -> isDigits(value, digits);
            default -> false;
          };
      case Based(String digits, @Nullable String base) ->
          switch (reference) {
            case Based other ->
                digits.equals(other.digits()) && String.valueOf(base).equals(other.base());
            case Value value -> isDigits(value, digits);
            default -> false;
          };
      case Ordered(String open, List<MathAnswer> items, String close) ->
          reference instanceof Ordered other
              && open.equals(other.open())
              && close.equals(other.close())
              && sameInOrder(items, other.items());
      case Unordered(String kind, List<MathAnswer> items) ->
          reference instanceof Unordered other
              && kind.equals(other.kind())
              && sameInAnyOrder(items, other.items());
      case Matrix(List<List<MathAnswer>> rows) ->
          reference instanceof Matrix other && sameRows(rows, other.rows());
      case Relation relation ->
          reference instanceof Relation other && sameRelation(relation, other);
      case Words(String text) -> reference instanceof Words other && text.equals(other.text());
    };
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

  private static boolean sameInOrder(List<MathAnswer> items, List<MathAnswer> others) {
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

  private static boolean sameInAnyOrder(List<MathAnswer> items, List<MathAnswer> others) {
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

  private static boolean isDigits(Value value, String digits) {
    return value.node() instanceof MathNode.Constant(Rational number)
        && number.numerator().toString().equals(digits);
  }

  private static boolean sameValue(Value value, Value other) {
    boolean otherName =
        value.name() != null && other.name() != null && !value.name().equals(other.name());
    if (otherName || Unit.contradict(value.unit(), other.unit())) {
      return false;
    }
    if (sameNodes(value.node(), other.node())) {
      return true;
    }
    return value.percent() != other.percent()
        && (value.percent()
            ? sameNodes(hundredth(value.node()), other.node())
            : sameNodes(value.node(), hundredth(other.node())));
  }

  private static MathNode hundredth(MathNode node) {
    return new MathNode.Quotient(node, new MathNode.Constant(HUNDRED));
  }

  private static boolean sameNodes(MathNode node, MathNode other) {
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
      return value.isUsable() && otherValue.isUsable()
          ? value.closeTo(otherValue)
          : node.equals(other);
    }
    names.addAll(otherNames);
    int usable = 0;
    for (int point = 0; point < POINTS; point++) {
      Map<String, Complex> values = values(names, point);
      Complex value = MathNode.at(node, values);
      Complex otherValue = MathNode.at(other, values);
      if (value.isUsable() != otherValue.isUsable()
          || (value.isUsable() && !value.closeTo(otherValue))) {
        return false;
      }
      usable += value.isUsable() ? 1 : 0;
    }
    return usable >= MIN_POINTS || node.equals(other);
  }

  /**
   * Relations are equal if the differences of their sides are proportional; for inequalities the
   * factor must be positive.
   */
  private static boolean sameRelation(Relation relation, Relation other) {
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
    for (int point = 0; point < POINTS; point++) {
      Map<String, Complex> values = values(names, point);
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
    return usable >= MIN_POINTS && sameDirection;
  }

  private static Map<String, Complex> values(TreeSet<String> names, int point) {
    Map<String, Complex> values = new HashMap<>();
    for (String name : names) {
      SplittableRandom random = new SplittableRandom(31L * name.hashCode() + point);
      double value = 0.3 + 1.9 * random.nextDouble();
      values.put(name, Complex.of(random.nextBoolean() ? value : -value));
    }
    return values;
  }
}
