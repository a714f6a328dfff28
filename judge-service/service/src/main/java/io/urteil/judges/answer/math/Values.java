package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Based;
import io.urteil.judges.answer.math.MathAnswer.Ratio;
import io.urteil.judges.answer.math.MathAnswer.Unordered;
import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.number.Prose;
import io.urteil.judges.answer.number.Rational;
import io.urteil.judges.answer.number.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a single value with its sign in words, its currency, percent sign, unit or base. */
final class Values {

  private static final Set<String> CURRENCIES = Set.of("dollar", "euro", "sterling", "yen");
  private static final Set<String> NEGATIVE = Set.of("negative", "minus");

  private Values() {}

  /** The value of these tokens; null if they are none. */
  static @Nullable MathAnswer read(List<MathToken> tokens) {
    MathAnswer based = based(tokens);
    if (based != null) {
      return based;
    }
    List<List<MathToken>> parts = TokenLists.split(tokens, ":");
    return parts.size() > 2 ? ratio(parts) : value(tokens);
  }

  /** Whether the words among these tokens leave a value behind them as it is. */
  static boolean leaves(List<MathToken> tokens) {
    return tokens.stream()
        .filter(MathToken::isWord)
        .allMatch(word -> Prose.leavesBehind(word.text()));
  }

  private static @Nullable MathAnswer ratio(List<List<MathToken>> parts) {
    List<MathNode> nodes = new ArrayList<>();
    for (List<MathToken> part : parts) {
      MathNode node = MathParser.parse(part);
      if (node == null) {
        return null;
      }
      nodes.add(node);
    }
    return new Ratio(nodes);
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
    List<MathToken> number = tokens.subList(0, bar);
    if (TokenLists.isWrapped(number, "(", ")")) {
      number = TokenLists.inner(number);
    }
    String base = TokenLists.joined(tokens.subList(bar + 1, tokens.size())).replaceAll("[{}]", "");
    String digits = TokenLists.joined(number);
    boolean readable =
        base.matches("[2-9]|[12][0-9]|3[0-6]")
            && digits.matches("-?[0-9A-Z.]+")
            && (digits.matches(".*[0-9].*") || (base.equals("16") && digits.matches("[A-F]+")));
    return readable && isIn(digits, Integer.parseInt(base))
        ? new Based(digits, Integer.parseInt(base))
        : null;
  }

  private static boolean isIn(String digits, int base) {
    return digits
        .chars()
        .filter(c -> c != '.' && c != '-')
        .allMatch(c -> Character.digit(c, base) >= 0);
  }

  private static @Nullable MathAnswer value(List<MathToken> tokens) {
    List<MathToken> rest = new ArrayList<>(tokens);
    withoutLeadingWords(rest);
    String currency = currency(rest);
    if (rest.isEmpty()) {
      return null;
    }
    boolean percent = rest.getLast().is("%");
    if (percent) {
      rest.removeLast();
    }
    String unit = unit(rest);
    if (unit != null && unit.equals("percent")) {
      percent = true;
      unit = null;
    }
    Integer scale = unit == null ? null : scale(unit);
    if (scale != null) {
      unit = null;
    }
    MathNode node = rest.stream().anyMatch(MathToken::isWord) ? null : MathParser.parse(rest);
    if (node == null || (currency != null && unit != null && Unit.contradict(currency, unit))) {
      return null;
    }
    String named = currency == null ? unit : currency;
    if (rest.stream().anyMatch(token -> token.is("pm") || token.is("mp"))) {
      MathNode other = MathParser.parse(rest, -1);
      return other == null
          ? null
          : new Unordered(
              Unordered.Kind.SET,
              List.of(
                  new Value(null, scaled(node, scale), percent, named),
                  new Value(null, scaled(other, scale), percent, named)));
    }
    return new Value(null, scaled(node, scale), percent, named);
  }

  /** "Negative" becomes a sign; words such as "exactly" and "about" are left out. */
  private static void withoutLeadingWords(List<MathToken> tokens) {
    while (tokens.size() > 1
        && tokens.getFirst().isWord()
        && Prose.introduces(tokens.getFirst().text())) {
      tokens.removeFirst();
    }
    boolean negative =
        tokens.size() > 1
            && tokens.getFirst().isWord()
            && NEGATIVE.contains(tokens.getFirst().text().toLowerCase(Locale.ROOT))
            && !tokens.get(1).is("-");
    boolean sum = tokens.stream().anyMatch(token -> token.is("+") || token.is("-"));
    if (negative && !sum) {
      tokens.set(0, MathToken.symbol("-", false));
    }
  }

  /** Removes the currency before or behind the number. */
  private static @Nullable String currency(List<MathToken> tokens) {
    int at = -1;
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol() && CURRENCIES.contains(tokens.get(i).text())) {
        if (at >= 0) {
          return null;
        }
        at = i;
      }
    }
    boolean outside = at == 0 || at == tokens.size() - 1 || (at == 1 && tokens.getFirst().is("-"));
    return at >= 0 && outside ? tokens.remove(at).text() : null;
  }

  private static MathNode scaled(MathNode node, @Nullable Integer scale) {
    return scale == null
        ? node
        : new MathNode.Product(
            List.of(
                node,
                new MathNode.Power(
                    new MathNode.Constant(Rational.of(10)),
                    new MathNode.Constant(Rational.of(scale)))));
  }

  /** Removes the trailing words and their exponents; returns the first word as the unit. */
  private static @Nullable String unit(List<MathToken> tokens) {
    int end = tokens.size();
    int from = end;
    while (from > 1 && isUnitToken(tokens, from - 1)) {
      from--;
    }
    while (from < end && !tokens.get(from).isWord()) {
      from++;
    }
    if (from == end) {
      return null;
    }
    String first = tokens.get(from).text().toLowerCase(Locale.ROOT);
    List<MathToken> words = tokens.subList(from, end);
    boolean scaled = scale(first) != null || first.equals("percent");
    if (!leaves(scaled ? words.subList(1, words.size()) : words)) {
      return null;
    }
    words.clear();
    return first;
  }

  private static boolean isUnitToken(List<MathToken> tokens, int at) {
    MathToken token = tokens.get(at);
    boolean exponent =
        token.isNumber()
            && token.text().length() == 1
            && at > 0
            && (tokens.get(at - 1).is("^") || (tokens.get(at - 1).is("{") && at > 1));
    return token.isWord()
        || token.is("^")
        || token.is("{")
        || token.is("}")
        || token.is("/")
        || token.is(".")
        || token.is("circ")
        || exponent;
  }

  private static @Nullable Integer scale(String unit) {
    return switch (unit) {
      case "hundred" -> 2;
      case "thousand" -> 3;
      case "million" -> 6;
      case "billion" -> 9;
      case "trillion" -> 12;
      default -> null;
    };
  }
}
