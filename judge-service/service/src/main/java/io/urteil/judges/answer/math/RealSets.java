package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Ordered;
import io.urteil.judges.answer.math.MathAnswer.RealSet;
import io.urteil.judges.answer.math.MathAnswer.Unordered;
import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.math.Region.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads unions, intersections and differences of sets, and combines inequalities. */
final class RealSets {

  private RealSets() {}

  /** The set that an operation of set theory makes; null without one. */
  static @Nullable MathAnswer operation(List<MathToken> tokens, int nesting) {
    if (tokens.size() == 1 && tokens.getFirst().is("mathbbR")) {
      return new RealSet(null, Region.ALL);
    }
    MathAnswer turned = turned(tokens, nesting);
    if (turned != null) {
      return turned;
    }
    List<List<MathToken>> unions = TokenLists.split(withUnionLetters(tokens), "cup");
    if (unions.size() > 1) {
      List<MathAnswer> items = AnswerReader.readAll(unions, nesting);
      return items == null ? null : union(items);
    }
    List<List<MathToken>> common = TokenLists.split(tokens, "cap");
    if (common.size() > 1) {
      return combined(AnswerReader.readAll(common, nesting), false);
    }
    List<List<MathToken>> difference = TokenLists.split(tokens, "setminus");
    if (difference.size() == 1 && tokens.getFirst().is("mathbbR")) {
      difference = TokenLists.split(tokens, "-");
    }
    return difference.size() == 2 ? difference(difference, nesting) : null;
  }

  private static @Nullable MathAnswer difference(List<List<MathToken>> parts, int nesting) {
    List<MathAnswer> items = AnswerReader.readAll(parts, nesting);
    Region whole = items == null ? null : region(items.getFirst());
    Region without = items == null ? null : region(items.getLast());
    return whole == null || without == null
        ? null
        : new RealSet(null, whole.intersection(without.complement()));
  }

  private static MathAnswer union(List<MathAnswer> items) {
    MathAnswer union = combined(items, true);
    return union != null ? union : AnswerReader.flat(Unordered.Kind.UNION, items);
  }

  /** Inequalities that "or", "and" or a comma joins; null for other items or two readings. */
  static @Nullable MathAnswer joined(List<MathAnswer> items, String connector) {
    if (items.size() < 2
        || items.stream().noneMatch(RealSet.class::isInstance)
        || items.stream().anyMatch(item -> !(item instanceof RealSet) && !isNamed(item))) {
      return null;
    }
    MathAnswer any = combined(items, true);
    MathAnswer all = combined(items, false);
    if (!(any instanceof RealSet(var name, Region united))
        || !(all instanceof RealSet(var same, Region common))) {
      return null;
    }
    return switch (connector) {
      case "or" -> any;
      case "and" -> common.isEmpty() ? null : all;
      case "," ->
          common.isEmpty() ? any : united.same(Region.ALL) || isRange(items, common) ? all : null;
      default -> null;
    };
  }

  private static boolean isNamed(MathAnswer item) {
    return item instanceof Value value && value.name() != null;
  }

  /** Whether each of the inequalities matters, as in {@code x > 1, x < 3, x \ne 2}. */
  private static boolean isRange(List<MathAnswer> items, Region common) {
    for (MathAnswer item : items) {
      Region region = region(item);
      if (region == null || region.same(common)) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable MathAnswer combined(@Nullable List<MathAnswer> items, boolean union) {
    if (items == null) {
      return null;
    }
    Region region = union ? Region.NONE : Region.ALL;
    String name = null;
    for (MathAnswer item : items) {
      Region part = region(item);
      String other = name(item);
      if (part == null || (name != null && other != null && !Objects.equals(name, other))) {
        return null;
      }
      name = name == null ? other : name;
      region = union ? region.union(part) : region.intersection(part);
    }
    return new RealSet(name, region);
  }

  private static @Nullable String name(MathAnswer item) {
    return switch (item) {
      case RealSet set -> set.name();
      case Value(Label label, var node, var percent, var unit) ->
          label == null ? null : label.text();
      default -> null;
    };
  }

  /** The set of real numbers that an answer stands for; null if it is none. */
  static @Nullable Region region(MathAnswer answer) {
    return switch (answer) {
      case RealSet set -> set.region();
      case Ordered ordered -> interval(ordered);
      case Value value -> {
        Bound at = value.percent() || value.unit() != null ? null : Affine.bound(value.node());
        yield at == null || !at.isFinite() ? null : Region.point(at);
      }
      case Unordered(Unordered.Kind kind, List<MathAnswer> items) ->
          kind == Unordered.Kind.CHAIN || (kind == Unordered.Kind.SET && isMixed(items))
              ? null
              : regions(items);
      default -> null;
    };
  }

  /** A list that is neither one of intervals nor one of numbers, or one of inequalities. */
  private static boolean isMixed(List<MathAnswer> items) {
    return !items.stream().allMatch(Ordered.class::isInstance)
        && !items.stream().allMatch(Value.class::isInstance);
  }

  private static @Nullable Region regions(List<MathAnswer> items) {
    Region region = Region.NONE;
    for (MathAnswer item : items) {
      Region part = region(item);
      if (part == null) {
        return null;
      }
      region = region.union(part);
    }
    return region;
  }

  private static @Nullable Region interval(Ordered ordered) {
    List<MathAnswer> items = ordered.items();
    if (items.size() != 2
        || !(items.getFirst() instanceof Value(Label none, MathNode low, boolean percent, var unit))
        || !(items.getLast() instanceof Value(Label no, MathNode high, boolean also, var other))
        || none != null
        || no != null
        || percent != also) {
      return null;
    }
    Bound lower = Affine.bound(low);
    Bound upper = Affine.bound(high);
    boolean lowerClosed = ordered.open().equals("[");
    boolean upperClosed = ordered.close().equals("]");
    boolean readable =
        lower != null
            && upper != null
            && lower.compareTo(upper) < 0
            && (lower.isFinite() || !lowerClosed)
            && (upper.isFinite() || !upperClosed);
    return readable && lower != null && upper != null
        ? Region.of(new Region.Interval(lower, lowerClosed, upper, upperClosed))
        : null;
  }

  /** An interval in the notation {@code ]a,b[}; null for anything else. */
  private static @Nullable MathAnswer turned(List<MathToken> tokens, int nesting) {
    boolean opens = tokens.getFirst().is("]");
    boolean closes = tokens.getLast().is("[");
    boolean whole =
        tokens.size() >= 5
            && (opens || closes)
            && (opens || tokens.getFirst().is("["))
            && (closes || tokens.getLast().is("]"));
    List<MathToken> inner = whole ? TokenLists.inner(tokens) : List.of();
    if (!whole || inner.stream().anyMatch(token -> token.is("[") || token.is("]"))) {
      return null;
    }
    List<List<MathToken>> items = TokenLists.split(inner, token -> token.is(",") || token.is(";"));
    List<MathAnswer> read = items.size() == 2 ? AnswerReader.readAll(items, nesting) : null;
    return read == null ? null : new Ordered(opens ? "(" : "[", read, closes ? ")" : "]");
  }

  /** A capital U between two brackets is a union sign. */
  private static List<MathToken> withUnionLetters(List<MathToken> tokens) {
    List<MathToken> signs = new ArrayList<>(tokens);
    for (int i = 1; i + 1 < tokens.size(); i++) {
      boolean union =
          tokens.get(i).isLetter()
              && tokens.get(i).text().equals("U")
              && (tokens.get(i - 1).is(")") || tokens.get(i - 1).is("]"))
              && (tokens.get(i + 1).is("(") || tokens.get(i + 1).is("["));
      if (union) {
        signs.set(i, MathToken.symbol("cup", tokens.get(i).spaced()));
      }
    }
    return signs;
  }
}
