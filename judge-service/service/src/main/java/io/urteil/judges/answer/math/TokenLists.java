package io.urteil.judges.answer.math;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Brackets and separators in lists of tokens. */
final class TokenLists {

  private TokenLists() {}

  static boolean isWrapped(List<MathToken> tokens, String open, String close) {
    return tokens.size() >= 2
        && tokens.getFirst().is(open)
        && tokens.getLast().is(close)
        && closesAtEnd(tokens);
  }

  static List<MathToken> inner(List<MathToken> tokens) {
    return tokens.subList(1, tokens.size() - 1);
  }

  /** Whether the first token opens what the last one closes. */
  static boolean closesAtEnd(List<MathToken> tokens) {
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      depth += nesting(tokens.get(i));
      if (depth == 0) {
        return i == tokens.size() - 1;
      }
    }
    return false;
  }

  /** The parts between the tokens of a kind outside of brackets; one part without such a token. */
  static List<List<MathToken>> split(List<MathToken> tokens, Predicate<MathToken> at) {
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

  static List<List<MathToken>> split(List<MathToken> tokens, String symbol) {
    return split(tokens, token -> token.is(symbol));
  }

  static boolean separates(MathToken token) {
    return token.is(",") || token.is(";") || token.is("and") || token.is("or");
  }

  static String joined(List<MathToken> tokens) {
    return String.join("", tokens.stream().map(MathToken::text).toList());
  }

  private static int nesting(MathToken token) {
    if (!token.isSymbol()) {
      return 0;
    }
    return switch (token.text()) {
      case "(", "[", "{", "\\{", "langle" -> 1;
      case ")", "]", "}", "\\}", "rangle" -> -1;
      default -> token.text().startsWith("begin") ? 1 : token.text().startsWith("end") ? -1 : 0;
    };
  }
}
