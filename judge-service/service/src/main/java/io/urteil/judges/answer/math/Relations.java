package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.RealSet;
import io.urteil.judges.answer.math.MathAnswer.Relation;
import io.urteil.judges.answer.math.MathAnswer.Unordered;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads inequalities and chains of them. If they are linear in one variable, they are the set of
 * its values.
 */
final class Relations {

  private static final Set<String> ORDERINGS = Set.of("<", ">", "leq", "geq", "ne");
  private static final Set<String> RISING = Set.of("<", "leq");
  private static final Set<String> FALLING = Set.of(">", "geq");

  private Relations() {}

  /** The relation or chain of these tokens; null if they are none. */
  static @Nullable MathAnswer read(List<MathToken> tokens) {
    List<List<MathToken>> sides =
        TokenLists.split(tokens, token -> token.isSymbol() && ORDERINGS.contains(token.text()));
    if (sides.size() < 2) {
      return null;
    }
    List<String> operators = new ArrayList<>();
    int at = 0;
    for (List<MathToken> side : sides.subList(0, sides.size() - 1)) {
      at += side.size();
      operators.add(tokens.get(at).text());
      at++;
    }
    boolean oneWay =
        operators.size() == 1 || RISING.containsAll(operators) || FALLING.containsAll(operators);
    if (!oneWay) {
      return null;
    }
    boolean signs = tokens.stream().anyMatch(token -> token.is("pm") || token.is("mp"));
    if (signs) {
      return operators.equals(List.of("ne")) ? bothSigns(sides) : null;
    }
    List<MathNode> nodes = new ArrayList<>();
    for (List<MathToken> side : sides) {
      MathNode node = MathParser.parse(side);
      if (node == null) {
        return null;
      }
      nodes.add(node);
    }
    return read(nodes, operators);
  }

  /** {@code x \ne \pm 1} excludes both. */
  private static @Nullable MathAnswer bothSigns(List<List<MathToken>> sides) {
    MathNode left = MathParser.parse(sides.getFirst());
    MathNode plus = MathParser.parse(sides.getLast());
    MathNode minus = MathParser.parse(sides.getLast(), -1);
    if (left == null || plus == null || minus == null) {
      return null;
    }
    MathAnswer one = read(List.of(left, plus), List.of("ne"));
    MathAnswer other = read(List.of(left, minus), List.of("ne"));
    return one instanceof RealSet(String name, Region first)
            && other instanceof RealSet(String same, Region second)
        ? new RealSet(name, first.intersection(second))
        : null;
  }

  private static @Nullable MathAnswer read(List<MathNode> nodes, List<String> operators) {
    List<MathAnswer> relations = new ArrayList<>();
    for (int i = 0; i < operators.size(); i++) {
      MathNode left = nodes.get(i);
      MathNode right = nodes.get(i + 1);
      relations.add(
          switch (operators.get(i)) {
            case ">" -> new Relation(right, "<", left);
            case "geq" -> new Relation(right, "leq", left);
            default -> new Relation(left, operators.get(i), right);
          });
    }
    TreeSet<String> names = new TreeSet<>();
    nodes.forEach(node -> MathNode.names(node, names));
    names.remove("infty");
    Region region = names.size() == 1 ? region(relations, names.first()) : null;
    if (region != null) {
      return new RealSet(names.first(), region);
    }
    return relations.size() == 1
        ? relations.getFirst()
        : new Unordered(Unordered.Kind.CHAIN, relations);
  }

  private static @Nullable Region region(List<MathAnswer> relations, String name) {
    Region all = Region.ALL;
    for (MathAnswer relation : relations) {
      Region one = relation instanceof Relation single ? region(single, name) : null;
      if (one == null) {
        return null;
      }
      all = all.intersection(one);
    }
    return all.isEmpty() ? null : all;
  }

  private static @Nullable Region region(Relation relation, String name) {
    if (isBeyond(relation.left(), relation.right(), name)) {
      return Region.ALL;
    }
    if (relation.left() instanceof MathNode.Call(String function, List<MathNode> arguments)
        && function.equals("abs")) {
      return absolute(arguments.getFirst(), relation.operator(), relation.right(), name);
    }
    if (relation.right() instanceof MathNode.Call(String function, List<MathNode> arguments)
        && function.equals("abs")
        && !relation.operator().equals("ne")) {
      Region within =
          absolute(
              arguments.getFirst(),
              relation.operator().equals("<") ? "leq" : "<",
              relation.left(),
              name);
      return within == null ? null : within.complement();
    }
    Affine left = Affine.of(relation.left(), name);
    Affine right = Affine.of(relation.right(), name);
    Affine difference = left == null || right == null ? null : left.minus(right);
    if (difference == null) {
      return null;
    }
    return switch (relation.operator()) {
      case "<" -> difference.negative(false);
      case "leq" -> difference.negative(true);
      default -> {
        Region zero = difference.zero();
        yield zero == null ? null : zero.complement();
      }
    };
  }

  /** {@code |f(x)| < c} is {@code -c < f(x) < c}. */
  private static @Nullable Region absolute(
      MathNode inner, String operator, MathNode bound, String name) {
    Region above = region(new Relation(inner, operator, bound), name);
    Region below = region(new Relation(inner, operator, new MathNode.Negated(bound)), name);
    Region turned = region(new Relation(new MathNode.Negated(bound), operator, inner), name);
    return operator.equals("ne")
        ? above == null || below == null ? null : above.intersection(below)
        : above == null || turned == null ? null : above.intersection(turned);
  }

  /** Whether this is {@code x < \infty} or {@code -\infty < x}. */
  private static boolean isBeyond(MathNode left, MathNode right, String name) {
    Region.Bound lower = Affine.bound(left);
    Region.Bound upper = Affine.bound(right);
    boolean fromBelow =
        lower != null && lower.value() == Double.NEGATIVE_INFINITY && isName(right, name);
    boolean fromAbove =
        upper != null && upper.value() == Double.POSITIVE_INFINITY && isName(left, name);
    return fromBelow || fromAbove;
  }

  private static boolean isName(MathNode node, String name) {
    return node instanceof MathNode.Name(String other) && other.equals(name);
  }
}
