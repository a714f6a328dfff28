package io.urteil.judges.answer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token of a mathematical answer, in LaTeX or plain text.
 *
 * @param kind the class of the token
 * @param text the digits of a number, a letter, a word, or a symbol or command without backslash
 * @param spaced whether white space precedes the token
 */
record MathToken(Kind kind, String text, boolean spaced) {

  enum Kind {
    NUMBER,
    LETTER,
    WORD,
    SYMBOL
  }

  private static final Pattern THOUSANDS =
      Pattern.compile(
          "\\d{1,3}(?:(?:\\{,}|,\\\\!|\\\\,)\\d{3})++(?!\\d)|\\d{1,3}(?:,\\d{3})++(?![\\d,])");
  private static final Pattern DIGITS = Pattern.compile("[0-9]++");
  private static final Pattern FRACTION = Pattern.compile("\\.\\d++");
  private static final Pattern EXPONENT = Pattern.compile("[eE][-+]?\\d{1,3}(?!\\w)");
  private static final Pattern COMMAND = Pattern.compile("\\\\([A-Za-z]++)\\*?");
  private static final Pattern LETTERS = Pattern.compile("[A-Za-z]++");

  private static final Set<String> WITHOUT_MEANING =
      Set.of(
          "left",
          "right",
          "big",
          "Big",
          "bigl",
          "bigr",
          "Bigl",
          "Bigr",
          "bigg",
          "Bigg",
          "quad",
          "qquad",
          "displaystyle",
          "textstyle",
          "limits",
          "nolimits",
          "middle",
          "hspace",
          "thinspace");

  private static final Set<String> TEXT =
      Set.of(
          "text",
          "textbf",
          "textit",
          "textrm",
          "mathrm",
          "mathbf",
          "mathit",
          "mbox",
          "operatorname",
          "mathcal",
          "textnormal",
          "mathsf",
          "mathbb");

  private static final Set<String> PLAIN_COMMANDS =
      Set.of(
          "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "pi", "arcsin",
          "arccos", "arctan", "infty", "theta", "alpha", "beta", "gamma", "floor", "ceil");

  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("dfrac", "frac"),
          Map.entry("tfrac", "frac"),
          Map.entry("cfrac", "frac"),
          Map.entry("dbinom", "binom"),
          Map.entry("tbinom", "binom"),
          Map.entry("cdot", "*"),
          Map.entry("times", "*"),
          Map.entry("ast", "*"),
          Map.entry("div", "/"),
          Map.entry("le", "leq"),
          Map.entry("leqslant", "leq"),
          Map.entry("ge", "geq"),
          Map.entry("geqslant", "geq"),
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("lvert", "|"),
          Map.entry("rvert", "|"),
          Map.entry("vert", "|"),
          Map.entry("lbrace", "\\{"),
          Map.entry("rbrace", "\\}"),
          Map.entry("degree", "circ"),
          Map.entry("inf", "infty"),
          Map.entry("infinity", "infty"),
          Map.entry("varnothing", "emptyset"),
          Map.entry("lbrack", "["),
          Map.entry("rbrack", "]"),
          Map.entry("neq", "ne"),
          Map.entry("approx", "="),
          Map.entry("equiv", "="));

  private static final Map<Character, String> UNICODE =
      Map.ofEntries(
          Map.entry('\u2212', "-"),
          Map.entry('\u2013', "-"),
          Map.entry('\u00d7', "*"),
          Map.entry('\u00b7', "*"),
          Map.entry('\u22c5', "*"),
          Map.entry('\u00f7', "/"),
          Map.entry('\u03c0', "pi"),
          Map.entry('\u221a', "sqrt"),
          Map.entry('\u221e', "infty"),
          Map.entry('\u00b0', "circ"),
          Map.entry('\u2264', "leq"),
          Map.entry('\u2265', "geq"),
          Map.entry('\u222a', "cup"),
          Map.entry('\u00b1', "pm"),
          Map.entry('\u03b8', "theta"),
          Map.entry('\u2208', "in"));

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isNumber() {
    return kind == Kind.NUMBER;
  }

  Rational number() {
    return Rational.of(new BigDecimal(text));
  }

  /** Whether this is a word, as opposed to a single letter or a product of letters. */
  boolean isWord() {
    return kind == Kind.WORD;
  }

  /** The tokens of an answer; null if it contains an unknown character or an overlong number. */
  static @Nullable List<MathToken> of(String answer) {
    List<MathToken> tokens = new ArrayList<>();
    int brackets = 0;
    boolean spaced = false;
    int at = 0;
    while (at < answer.length()) {
      char c = answer.charAt(at);
      int before = tokens.size();
      if (Character.isWhitespace(c) || c == '~') {
        spaced = true;
        at++;
        continue;
      }
      if (c == '$') {
        at++;
        continue;
      }
      if (Character.isDigit(c) || (c == '.' && digitAt(answer, at + 1))) {
        at = number(answer, at, brackets > 0, spaced, tokens);
        if (at < 0) {
          return null;
        }
      } else if (c == '\\') {
        at = command(answer, at, spaced, tokens);
      } else if (Character.isLetter(c) && c < 128) {
        at = letters(answer, at, spaced, tokens);
      } else if (UNICODE.containsKey(c)) {
        tokens.add(symbol(UNICODE.getOrDefault(c, ""), spaced));
        at++;
      } else if ("+-*/^_(){}[]|=<>,;:!%&'.?".indexOf(c) >= 0) {
        tokens.add(symbol(String.valueOf(c), spaced));
        at++;
      } else {
        return null;
      }
      if (tokens.size() > before) {
        spaced = false;
        MathToken last = tokens.getLast();
        brackets += last.is("(") || last.is("[") || last.is("\\{") ? 1 : 0;
        brackets -= last.is(")") || last.is("]") || last.is("\\}") ? 1 : 0;
      }
    }
    return tokens;
  }

  private static boolean digitAt(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static int number(
      String text, int from, boolean inBrackets, boolean spaced, List<MathToken> tokens) {
    int at = from;
    Matcher thousands = region(THOUSANDS, text, at);
    Matcher digits = region(DIGITS, text, at);
    StringBuilder number = new StringBuilder();
    if (thousands.lookingAt() && !(inBrackets && plainCommas(thousands.group()))) {
      number.append(thousands.group().replaceAll("\\D", ""));
      at = thousands.end();
    } else if (digits.lookingAt()) {
      number.append(digits.group());
      at = digits.end();
    }
    Matcher fraction = region(FRACTION, text, at);
    if (fraction.lookingAt()) {
      number.append(number.isEmpty() ? "0" : "").append(fraction.group());
      at = fraction.end();
    }
    Matcher exponent = region(EXPONENT, text, at);
    if (exponent.lookingAt()) {
      number.append(exponent.group());
      at = exponent.end();
    }
    if (number.isEmpty()
        || number.length() > 400
        || !number.toString().chars().allMatch(c -> c < 128)) {
      return -1;
    }
    tokens.add(new MathToken(Kind.NUMBER, number.toString(), spaced));
    return at;
  }

  private static boolean plainCommas(String number) {
    return number.indexOf('{') < 0 && number.indexOf('\\') < 0;
  }

  private static int command(String text, int from, boolean spaced, List<MathToken> tokens) {
    Matcher named = region(COMMAND, text, from);
    if (!named.lookingAt()) {
      char next = from + 1 < text.length() ? text.charAt(from + 1) : ' ';
      switch (next) {
        case '\\' -> tokens.add(symbol("\\\\", spaced));
        case '{', '}' -> tokens.add(symbol("\\" + next, spaced));
        case '%' -> tokens.add(symbol("%", spaced));
        case '|' -> tokens.add(symbol("|", spaced));
        default -> {
          // Thin spaces, formula delimiters and currency signs are ignored.
        }
      }
      return from + 2;
    }
    String name = named.group(1);
    int end = named.end();
    if (WITHOUT_MEANING.contains(name)) {
      return end;
    }
    if (TEXT.contains(name) || name.equals("begin") || name.equals("end")) {
      int open = text.indexOf('{', end);
      int close = open < 0 ? -1 : text.indexOf('}', open);
      if (open < 0 || close < 0 || !text.substring(end, open).isBlank()) {
        tokens.add(new MathToken(Kind.WORD, name, spaced));
        return end;
      }
      String content = text.substring(open + 1, close).strip();
      if (!TEXT.contains(name)) {
        tokens.add(symbol(name + content, spaced));
      } else if (content.equals("and") || content.equals("or")) {
        tokens.add(symbol(",", spaced));
      } else if (content.length() == 1 && Character.isLetter(content.charAt(0))) {
        tokens.add(new MathToken(Kind.LETTER, content, spaced));
      } else if (DIGITS.matcher(content).matches() && content.length() < 400) {
        tokens.add(new MathToken(Kind.NUMBER, content, spaced));
      } else if (!content.isEmpty()) {
        tokens.add(new MathToken(Kind.WORD, content, spaced));
      }
      return close + 1;
    }
    if (name.equals("boxed") || name.equals("fbox")) {
      return end;
    }
    tokens.add(symbol(SAME.getOrDefault(name, name), spaced));
    return end;
  }

  private static int letters(String text, int from, boolean spaced, List<MathToken> tokens) {
    Matcher run = region(LETTERS, text, from);
    if (!run.lookingAt()) {
      return from + 1;
    }
    String letters = run.group();
    String lower = letters.toLowerCase(Locale.ROOT);
    if (PLAIN_COMMANDS.contains(lower) || lower.equals("infinity")) {
      tokens.add(symbol(SAME.getOrDefault(lower, lower), spaced));
    } else if (lower.equals("and") || lower.equals("or")) {
      tokens.add(symbol(",", spaced));
    } else if (letters.length() == 1) {
      tokens.add(new MathToken(Kind.LETTER, letters, spaced));
    } else if (letters.length() > 3 || Unit.isKnown(letters)) {
      tokens.add(new MathToken(Kind.WORD, letters, spaced));
    } else {
      for (int i = 0; i < letters.length(); i++) {
        tokens.add(new MathToken(Kind.LETTER, letters.substring(i, i + 1), spaced && i == 0));
      }
    }
    return run.end();
  }

  private static Matcher region(Pattern pattern, String text, int from) {
    Matcher matcher = pattern.matcher(text);
    matcher.region(from, text.length());
    matcher.useTransparentBounds(true);
    return matcher;
  }

  private static MathToken symbol(String text, boolean spaced) {
    return new MathToken(Kind.SYMBOL, text, spaced);
  }
}
