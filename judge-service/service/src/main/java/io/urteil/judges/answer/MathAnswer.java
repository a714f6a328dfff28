package io.urteil.judges.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed mathematical answer: a value, a collection of answers, a relation, a number in another
 * base, or words. Parsing is linear in the length of the answer and bounded by the limits below.
 */
sealed interface MathAnswer {

  /**
   * One value.
   *
   * @param name the left side of an assignment such as {@code x = 5}; null without one
   * @param percent whether a percent sign follows the value
   * @param unit the word after the value, in lower case; null without one
   */
  record Value(@Nullable String name, MathNode node, boolean percent, @Nullable String unit)
      implements MathAnswer {}

  /** A point or an interval: order and brackets matter. */
  record Ordered(String open, List<MathAnswer> items, String close) implements MathAnswer {}

  /** A set, a list of solutions or a union of intervals: order does not matter. */
  record Unordered(String kind, List<MathAnswer> items) implements MathAnswer {}

  /** A matrix or vector. */
  record Matrix(List<List<MathAnswer>> rows) implements MathAnswer {}

  /** An equation or inequality; the operator is {@code =}, {@code <}, {@code leq} or {@code ne}. */
  record Relation(MathNode left, String operator, MathNode right) implements MathAnswer {}

  /** A number with an explicit base, such as {@code 101_2}. */
  record Based(String digits, @Nullable String base) implements MathAnswer {}

  /** Any other answer, normalised by {@link #plain}. */
  record Words(String text) implements MathAnswer {}

  /** Maximum length in characters of an answer that is parsed; longer ones are {@link Words}. */
  int MAX_LENGTH = 2000;

  int MAX_ITEMS = 50;

  int MAX_NESTING = 4;

  /** Emphasis and quotes around an answer. */
  Pattern WRAPPING = Pattern.compile("\\A[\\s*`\"]+|(?<![\\s*`\"])[\\s*`\"]+\\z");

  Set<String> ORDERINGS = Set.of("<", ">", "leq", "geq", "ne");

  /** Parses an answer; {@link Words} when no other form matches. */
  static MathAnswer of(String answer) {
    String bare = WRAPPING.matcher(answer).replaceAll("");
    List<MathToken> tokens = bare.length() > MAX_LENGTH ? null : MathToken.of(bare);
    MathAnswer read = tokens == null ? null : read(trimmed(tokens), 0);
    return read == null ? new Words(plain(answer)) : read;
  }

  private static List<MathToken> trimmed(List<MathToken> tokens) {
    List<MathToken> trimmed = new ArrayList<>(tokens);
    while (!trimmed.isEmpty()
        && (trimmed.getLast().is(".") || trimmed.getLast().is(",") || trimmed.getLast().is(";"))) {
      trimmed.removeLast();
    }
    return trimmed;
  }

  private static @Nullable MathAnswer read(List<MathToken> tokens, int nesting) {
    if (tokens.isEmpty() || nesting > MAX_NESTING) {
      return null;
    }
    if (isWrapped(tokens, "{", "}")) {
      return read(tokens.subList(1, tokens.size() - 1), nesting + 1);
    }
    List<List<MathToken>> unions = split(tokens, token -> token.is("cup"));
    if (unions.size() > 1) {
      return unordered("union", unions, nesting);
    }
    if (isWrapped(tokens, "\\{", "\\}")) {
      return unordered("set", split(inner(tokens), MathAnswer::separates), nesting);
    }
    if (tokens.size() == 1 && tokens.getFirst().is("emptyset")) {
      return new Unordered("set", List.of());
    }
    MathAnswer matrix = matrix(tokens, nesting);
    if (matrix != null) {
      return matrix;
    }
    MathAnswer ordered = ordered(tokens, nesting);
    if (ordered != null) {
      return ordered;
    }
    List<List<MathToken>> items = split(tokens, MathAnswer::separates);
    if (items.size() > 1) {
      return unordered("set", items.stream().filter(item -> !item.isEmpty()).toList(), nesting);
    }
    return single(tokens, nesting);
  }

  private static @Nullable MathAnswer ordered(List<MathToken> tokens, int nesting) {
    MathToken open = tokens.getFirst();
    MathToken close = tokens.getLast();
    boolean bracketed =
        (open.is("(") || open.is("[") || open.is("langle"))
            && (close.is(")") || close.is("]") || close.is("rangle"));
    if (!bracketed || tokens.size() < 3 || !closesAtEnd(tokens)) {
      return null;
    }
    List<List<MathToken>> items = split(inner(tokens), MathAnswer::separates);
    if (items.size() < 2) {
      return null;
    }
    List<MathAnswer> read = readAll(items, nesting);
    return read == null ? null : new Ordered(open.text(), read, close.text());
  }

  private static @Nullable MathAnswer unordered(
      String kind, List<List<MathToken>> items, int nesting) {
    boolean empty = items.size() == 1 && items.getFirst().isEmpty();
    List<MathAnswer> read = empty ? List.of() : readAll(items, nesting);
    if (read == null) {
      return null;
    }
    List<MathAnswer> flat = new ArrayList<>();
    for (MathAnswer item : read) {
      if (item instanceof Unordered(String inner, List<MathAnswer> items2) && inner.equals(kind)) {
        flat.addAll(items2);
      } else {
        flat.add(item);
      }
    }
    return new Unordered(kind, flat);
  }

  private static @Nullable List<MathAnswer> readAll(List<List<MathToken>> items, int nesting) {
    if (items.size() > MAX_ITEMS) {
      return null;
    }
    List<MathAnswer> read = new ArrayList<>();
    for (List<MathToken> item : items) {
      MathAnswer answer = read(item, nesting + 1);
      if (answer == null) {
        return null;
      }
      read.add(answer);
    }
    return read;
  }

  private static @Nullable MathAnswer matrix(List<MathToken> tokens, int nesting) {
    MathToken first = tokens.getFirst();
    boolean whole =
        first.kind() == MathToken.Kind.SYMBOL
            && first.text().startsWith("begin")
            && first.text().endsWith("matrix")
            && tokens.getLast().is("end" + first.text().substring("begin".length()));
    if (!whole) {
      return null;
    }
    List<List<MathAnswer>> rows = new ArrayList<>();
    for (List<MathToken> row : split(inner(tokens), token -> token.is("\\\\"))) {
      List<MathAnswer> cells =
          row.isEmpty() ? List.of() : readAll(split(row, token -> token.is("&")), nesting);
      if (cells == null || rows.size() > MAX_ITEMS) {
        return null;
      }
      if (!cells.isEmpty()) {
        rows.add(cells);
      }
    }
    return new Matrix(rows);
  }

  private static @Nullable MathAnswer single(List<MathToken> tokens, int nesting) {
    List<List<MathToken>> member = split(tokens, token -> token.is("in"));
    if (member.size() == 2 && !member.getLast().isEmpty()) {
      return read(member.getLast(), nesting + 1);
    }
    MathAnswer relation = relation(tokens);
    if (relation != null) {
      return relation;
    }
    List<List<MathToken>> sides = split(tokens, token -> token.is("="));
    if (sides.size() == 2) {
      return equation(sides.getFirst(), sides.getLast(), nesting);
    }
    if (sides.size() > 2) {
      return read(sides.getLast(), nesting + 1);
    }
    MathAnswer based = based(tokens);
    return based != null ? based : value(null, tokens);
  }

  private static @Nullable MathAnswer relation(List<MathToken> tokens) {
    List<List<MathToken>> sides =
        split(
            tokens,
            token -> token.kind() == MathToken.Kind.SYMBOL && ORDERINGS.contains(token.text()));
    if (sides.size() != 2) {
      return null;
    }
    String operator = tokens.get(sides.getFirst().size()).text();
    MathNode left = MathParser.parse(sides.getFirst());
    MathNode right = MathParser.parse(sides.getLast());
    if (left == null || right == null) {
      return null;
    }
    return switch (operator) {
      case ">" -> new Relation(right, "<", left);
      case "geq" -> new Relation(right, "leq", left);
      default -> new Relation(left, operator, right);
    };
  }

  private static @Nullable MathAnswer equation(
      List<MathToken> left, List<MathToken> right, int nesting) {
    String name = name(left);
    if (name != null) {
      MathAnswer value = read(right, nesting + 1);
      return value instanceof Value(var none, MathNode node, boolean percent, String unit)
          ? new Value(name, node, percent, unit)
          : value;
    }
    if (name(right) != null) {
      return equation(right, left, nesting + 1);
    }
    MathNode leftNode = MathParser.parse(left);
    MathNode rightNode = MathParser.parse(right);
    if (leftNode == null || rightNode == null) {
      return left.stream().anyMatch(MathToken::isWord) ? read(right, nesting + 1) : null;
    }
    return new Relation(leftNode, "=", rightNode);
  }

  /** A name on one side of an equation: {@code x}, {@code x_1} or {@code f(x)}; null if none. */
  private static @Nullable String name(List<MathToken> tokens) {
    if (tokens.isEmpty() || tokens.size() > 8) {
      return null;
    }
    MathNode node = MathParser.parse(tokens);
    if (node instanceof MathNode.Name(String name)) {
      return name;
    }
    boolean applied =
        node instanceof MathNode.Product(List<MathNode> factors)
            && factors.size() == 2
            && factors.getFirst() instanceof MathNode.Name
            && tokens.getLast().is(")");
    return applied ? String.join("", tokens.stream().map(MathToken::text).toList()) : null;
  }

  private static @Nullable MathAnswer based(List<MathToken> tokens) {
    int bar = -1;
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).is("_")) {
        bar = i;
      }
    }
    if (bar < 1 || bar == tokens.size() - 1) {
      return null;
    }
    String base = joined(tokens.subList(bar + 1, tokens.size())).replaceAll("[{}]", "");
    String digits = joined(tokens.subList(0, bar));
    return base.matches("[2-9]|[123][0-9]")
            && digits.matches("-?[0-9A-Z.]+")
            && digits.matches(".*[0-9].*")
        ? new Based(digits, base)
        : null;
  }

  private static String joined(List<MathToken> tokens) {
    return String.join("", tokens.stream().map(MathToken::text).toList());
  }

  private static @Nullable MathAnswer value(@Nullable String name, List<MathToken> tokens) {
    List<MathToken> rest = new ArrayList<>(tokens);
    boolean percent = false;
    if (rest.getLast().is("%")) {
      percent = true;
      rest.removeLast();
    }
    String unit = unit(rest);
    if (unit != null && unit.equals("percent")) {
      percent = true;
      unit = null;
    }
    MathNode node = MathParser.parse(rest);
    if (node == null) {
      return null;
    }
    if (rest.stream().anyMatch(token -> token.is("pm") || token.is("mp"))) {
      MathNode other = MathParser.parse(rest, -1);
      return other == null
          ? null
          : new Unordered(
              "set",
              List.of(new Value(name, node, percent, unit), new Value(name, other, percent, unit)));
    }
    Integer scale = unit == null ? null : scale(unit);
    return scale == null
        ? new Value(name, node, percent, unit)
        : new Value(
            name,
            new MathNode.Product(
                List.of(
                    node,
                    new MathNode.Power(
                        new MathNode.Constant(Rational.of(10)),
                        new MathNode.Constant(Rational.of(scale))))),
            percent,
            null);
  }

  /** Removes the trailing words and their exponents; returns the first word as the unit. */
  private static @Nullable String unit(List<MathToken> tokens) {
    int end = tokens.size();
    int from = end;
    while (from > 1 && isUnitToken(tokens.get(from - 1))) {
      from--;
    }
    while (from < end && !tokens.get(from).isWord()) {
      from++;
    }
    if (from == end) {
      return null;
    }
    String unit = tokens.get(from).text().toLowerCase(java.util.Locale.ROOT).strip();
    tokens.subList(from, end).clear();
    return unit.replaceAll("[^a-z]+$", "");
  }

  private static boolean isUnitToken(MathToken token) {
    return token.isWord()
        || token.is("^")
        || token.is("{")
        || token.is("}")
        || token.is("/")
        || token.is(".")
        || token.is("circ")
        || (token.isNumber() && token.text().length() == 1);
  }

  private static @Nullable Integer scale(String unit) {
    return switch (unit) {
      case "thousand" -> 3;
      case "million" -> 6;
      case "billion" -> 9;
      case "trillion" -> 12;
      default -> null;
    };
  }

  private static boolean separates(MathToken token) {
    return token.is(",") || token.is(";");
  }

  private static boolean isWrapped(List<MathToken> tokens, String open, String close) {
    return tokens.size() >= 2
        && tokens.getFirst().is(open)
        && tokens.getLast().is(close)
        && closesAtEnd(tokens);
  }

  private static List<MathToken> inner(List<MathToken> tokens) {
    return tokens.subList(1, tokens.size() - 1);
  }

  private static boolean closesAtEnd(List<MathToken> tokens) {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += nesting(tokens.get(i));
      if (depth == 0) {
        return i == tokens.size() - 1;
      }
    }
    return false;
  }

  private static int nesting(MathToken token) {
    if (token.kind() != MathToken.Kind.SYMBOL) {
      return 0;
    }
    return switch (token.text()) {
      case "(", "[", "{", "\\{", "langle" -> 1;
      case ")", "]", "}", "\\}", "rangle" -> -1;
      default -> token.text().startsWith("begin") ? 1 : token.text().startsWith("end") ? -1 : 0;
    };
  }

  private static List<List<MathToken>> split(List<MathToken> tokens, Predicate<MathToken> at) {
    List<List<MathToken>> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += nesting(tokens.get(i));
      if (depth == 0 && at.test(tokens.get(i))) {
        parts.add(tokens.subList(from, i));
        from = i + 1;
      }
    }
    parts.add(tokens.subList(from, tokens.size()));
    return parts;
  }

  /** The answer in lower case, without white space, brackets, punctuation and font commands. */
  static String plain(String answer) {
    return answer
        .replaceAll("\\\\(?:text(?:bf|it|rm)?|math(?:rm|bf|it)|mbox|left|right)\\b", "")
        .replaceAll("[\\s\\\\{}()\\[\\]$*_`'\".,;!~]", "")
        .toLowerCase(java.util.Locale.ROOT);
  }
}
