package io.urteil.judges.answer.math;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an answer is the value of: the left side of {@code x = 5}, {@code \angle ABC = 60^\circ} or
 * {@code f'(x) = 2x}.
 *
 * @param text the tokens without brackets
 */
record Label(String text, Kind kind) {

  enum Kind {
    /** A variable, such as x or a_1. */
    LETTER,
    /** A function of a variable, such as f(x). */
    FUNCTION,
    /** A length, an angle, a ratio, a derivative or a limit. */
    QUANTITY
  }

  private static final int MAX_TOKENS = 24;
  private static final Set<String> FIGURES =
      Set.of("angle", "measuredangle", "triangle", "m", "widehat", "overarc", "arc");
  private static final Set<String> OPERATORS = Set.of("lim", "sum", "int", "prod", "det");
  private static final Set<String> TRIGONOMETRIC = Set.of("sin", "cos", "tan", "cot", "sec", "csc");

  /** Whether two answers are values of different things. A curve y is also the graph of f(x). */
  boolean contradicts(Label other) {
    boolean graph =
        (kind == Kind.FUNCTION && other.text.equals("y"))
            || (other.kind == Kind.FUNCTION && text.equals("y"));
    return !graph && !text.equals(other.text);
  }

  /** The label that these tokens are; null if they are an expression with a value of their own. */
  static @Nullable Label of(List<MathToken> tokens) {
    if (tokens.isEmpty() || tokens.size() > MAX_TOKENS) {
      return null;
    }
    if (tokens.stream().anyMatch(MathToken::isWord)) {
      return null;
    }
    if (OPERATORS.contains(tokens.getFirst().text()) && tokens.getFirst().isSymbol()) {
      return new Label(joined(tokens), Kind.QUANTITY);
    }
    boolean inverse =
        tokens.size() > 4
            && MathParser.FUNCTION_LETTERS.contains(tokens.getFirst().text())
            && tokens.get(1).is("^")
            && isApplication(tokens);
    if (inverse) {
      return new Label(joined(tokens), Kind.FUNCTION);
    }
    if (isFigure(tokens)) {
      return new Label(joined(tokens), Kind.QUANTITY);
    }
    Label ratio = ratio(tokens);
    return ratio != null ? ratio : named(tokens);
  }

  private static @Nullable Label named(List<MathToken> tokens) {
    MathNode node = MathParser.parse(tokens);
    String text = joined(tokens);
    return switch (node) {
      case MathNode.Name(String name) ->
          name.equals("pi") || name.equals("e") || name.equals("i") || name.equals("infty")
              ? null
              : isSegment(name)
                  ? new Label(name.replace("overline ", ""), Kind.QUANTITY)
                  : new Label(name, Kind.LETTER);
      case MathNode.Call(String function, List<MathNode> arguments) -> {
        if (function.startsWith(MathFunctions.APPLIED)) {
          yield new Label(text, Kind.FUNCTION);
        }
        boolean ofName =
            arguments.size() == 1 && arguments.getFirst() instanceof MathNode.Name(String name);
        if (function.equals("abs") && arguments.getFirst() instanceof MathNode.Name(String name)) {
          yield isSegment(name) || name.startsWith("vec ")
              ? new Label(name.replace("overline ", ""), Kind.QUANTITY)
              : null;
        }
        yield ofName && TRIGONOMETRIC.contains(function) ? new Label(text, Kind.QUANTITY) : null;
      }
      case MathNode.Product(List<MathNode> factors) ->
          factors.size() == 2
                  && factors.getFirst() instanceof MathNode.Name
                  && tokens.getFirst().isLetter()
                  && tokens.getLast().is(")")
                  && factors.getLast() instanceof MathNode.Name
              ? new Label(text, Kind.FUNCTION)
              : null;
      case MathNode.Quotient quotient ->
          isRatio(quotient.numerator()) && isRatio(quotient.denominator())
              ? new Label(text, Kind.QUANTITY)
              : null;
      case null -> isApplication(tokens) ? new Label(text, Kind.FUNCTION) : null;
      default -> null;
    };
  }

  /** An angle, triangle, area or arc: {@code \angle ABC}, {@code m\angle A}, {@code [ABC]}. */
  private static boolean isFigure(List<MathToken> tokens) {
    boolean area =
        tokens.size() == 3
            && tokens.getFirst().is("[")
            && tokens.get(1).isLetter()
            && tokens.get(1).text().length() > 1
            && tokens.getLast().is("]");
    boolean figure = false;
    for (MathToken token : tokens) {
      boolean known = FIGURES.contains(token.text()) || token.isLetter();
      if (!known && !token.is("{") && !token.is("}") && !token.is("_") && !token.isWhole()) {
        return area;
      }
      figure |= token.isSymbol() && FIGURES.contains(token.text());
    }
    return figure || area;
  }

  /** {@code S:T} and {@code AB:BC:CA}. */
  private static @Nullable Label ratio(List<MathToken> tokens) {
    boolean colon = false;
    int letters = 0;
    for (MathToken token : tokens) {
      boolean part = token.isLetter() || token.isWhole() || token.is("_") || isBracket(token);
      if (!part && !token.is(":")) {
        return null;
      }
      colon |= token.is(":");
      letters += token.isLetter() ? 1 : 0;
    }
    return colon && letters > 1 ? new Label(joined(tokens), Kind.QUANTITY) : null;
  }

  private static boolean isBracket(MathToken token) {
    return token.is("{") || token.is("}");
  }

  private static boolean isRatio(MathNode node) {
    return node instanceof MathNode.Name(String name)
        ? !name.equals("pi") && !name.equals("e") && !name.equals("i")
        : node instanceof MathNode.Product(List<MathNode> factors)
            && factors.size() == 2
            && factors.getFirst() instanceof MathNode.Name(String d)
            && d.equals("d")
            && factors.getLast() instanceof MathNode.Name;
  }

  /** {@code P(X = 2)} and {@code f^{-1}(x)}. */
  private static boolean isApplication(List<MathToken> tokens) {
    if (tokens.size() < 4 || !tokens.getFirst().isLetter() || !tokens.getLast().is(")")) {
      return false;
    }
    int open = 1;
    while (open < tokens.size() && !tokens.get(open).is("(")) {
      MathToken token = tokens.get(open);
      if (!token.is("^")
          && !token.is("{")
          && !token.is("}")
          && !token.is("-")
          && !token.isWhole()) {
        return false;
      }
      open++;
    }
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      depth += tokens.get(i).is("(") ? 1 : tokens.get(i).is(")") ? -1 : 0;
      if (depth == 0) {
        return i == tokens.size() - 1;
      }
    }
    return false;
  }

  private static boolean isSegment(String name) {
    String bare = name.replace("overline ", "");
    return bare.length() > 1 && bare.chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }

  private static String joined(List<MathToken> tokens) {
    StringBuilder joined = new StringBuilder();
    for (MathToken token : tokens) {
      if (!isBracket(token) && !token.is("|")) {
        joined.append(token.text());
      }
    }
    return joined.toString();
  }
}
