package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathToken.Kind;
import io.urteil.judges.answer.number.NumberLexer;
import io.urteil.judges.answer.number.NumberWords;
import io.urteil.judges.answer.number.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Splits an answer into tokens. Linear in the length of the answer. */
final class MathLexer {

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
          "biggl",
          "biggr",
          "Biggl",
          "Biggr",
          "quad",
          "qquad",
          "displaystyle",
          "textstyle",
          "limits",
          "nolimits",
          "middle",
          "hspace",
          "thinspace",
          "boldsymbol",
          "bm",
          "hline",
          "boxed",
          "fbox",
          "phantom",
          "vphantom",
          "hphantom",
          "strut",
          "enspace",
          "nobreak",
          "bold");

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
          "emph",
          "textsf",
          "texttt",
          "mathtt",
          "underline");

  /** Commands that are also written without a backslash. */
  private static final Set<String> PLAIN_COMMANDS =
      Set.of(
          "sqrt",
          "sin",
          "cos",
          "tan",
          "cot",
          "sec",
          "csc",
          "log",
          "ln",
          "exp",
          "pi",
          "arcsin",
          "arccos",
          "arctan",
          "infty",
          "theta",
          "alpha",
          "beta",
          "gamma",
          "floor",
          "ceil",
          "sinh",
          "cosh",
          "tanh",
          "max",
          "min",
          "gcd",
          "lcm",
          "infinity",
          "asin",
          "acos",
          "atan");

  /** Short words, as opposed to products of letters. */
  private static final Set<String> WORDS =
      Set.of(
          "no", "on", "yes", "not", "odd", "all", "any", "or", "the", "if", "is", "of", "at", "to",
          "cat", "dog", "red", "tie", "net", "win", "day", "per", "for", "are", "has", "off", "but",
          "via", "by", "its", "it", "who", "how", "she", "he", "we", "old", "new", "low", "top");

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
          Map.entry("bullet", "*"),
          Map.entry("div", "/"),
          Map.entry("le", "leq"),
          Map.entry("leqslant", "leq"),
          Map.entry("leqq", "leq"),
          Map.entry("ge", "geq"),
          Map.entry("geqslant", "geq"),
          Map.entry("geqq", "geq"),
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
          Map.entry("lparen", "("),
          Map.entry("rparen", ")"),
          Map.entry("neq", "ne"),
          Map.entry("colon", ":"),
          Map.entry("approxeq", "approx"),
          Map.entry("thickapprox", "approx"),
          Map.entry("simeq", "approx"),
          Map.entry("doteq", "approx"),
          Map.entry("equiv", "="),
          Map.entry("coloneqq", "="),
          Map.entry("vee", "or"),
          Map.entry("lor", "or"),
          Map.entry("wedge", "and"),
          Map.entry("land", "and"),
          Map.entry("smallsetminus", "setminus"),
          Map.entry("backslash", "setminus"),
          Map.entry("asin", "arcsin"),
          Map.entry("acos", "arccos"),
          Map.entry("atan", "arctan"),
          Map.entry("arsinh", "arcsinh"),
          Map.entry("bar", "overline"),
          Map.entry("lg", "log"),
          Map.entry("pounds", "sterling"),
          Map.entry("pound", "sterling"),
          Map.entry("R", "mathbbR"),
          Map.entry("Reals", "mathbbR"),
          Map.entry("reals", "mathbbR"));

  private static final Map<Character, List<String>> UNICODE =
      Map.ofEntries(
          Map.entry('\u2212', List.of("-")),
          Map.entry('\u2013', List.of("-")),
          Map.entry('\u00d7', List.of("*")),
          Map.entry('\u00b7', List.of("*")),
          Map.entry('\u22c5', List.of("*")),
          Map.entry('\u2217', List.of("*")),
          Map.entry('\u00f7', List.of("/")),
          Map.entry('\u2044', List.of("/")),
          Map.entry('\u03c0', List.of("pi")),
          Map.entry('\u221a', List.of("sqrt")),
          Map.entry('\u221e', List.of("infty")),
          Map.entry('\u00b0', List.of("circ")),
          Map.entry('\u2264', List.of("leq")),
          Map.entry('\u2266', List.of("leq")),
          Map.entry('\u2a7d', List.of("leq")),
          Map.entry('\u2265', List.of("geq")),
          Map.entry('\u2267', List.of("geq")),
          Map.entry('\u2a7e', List.of("geq")),
          Map.entry('\u2260', List.of("ne")),
          Map.entry('\u2248', List.of("approx")),
          Map.entry('\u2243', List.of("approx")),
          Map.entry('\u222a', List.of("cup")),
          Map.entry('\u2229', List.of("cap")),
          Map.entry('\u2216', List.of("setminus")),
          Map.entry('\u2205', List.of("emptyset")),
          Map.entry('\u211d', List.of("mathbbR")),
          Map.entry('\u2124', List.of("mathbbZ")),
          Map.entry('\u2220', List.of("angle")),
          Map.entry('\u25b3', List.of("triangle")),
          Map.entry('\u00b1', List.of("pm")),
          Map.entry('\u03b8', List.of("theta")),
          Map.entry('\u03b1', List.of("alpha")),
          Map.entry('\u03b2', List.of("beta")),
          Map.entry('\u03b3', List.of("gamma")),
          Map.entry('\u03bb', List.of("lambda")),
          Map.entry('\u2208', List.of("in")),
          Map.entry('\u27e8', List.of("langle")),
          Map.entry('\u27e9', List.of("rangle")),
          Map.entry('\u00b2', List.of("^", "2")),
          Map.entry('\u00b3', List.of("^", "3")),
          Map.entry('\u2032', List.of("'")),
          Map.entry('\u20ac', List.of("euro")),
          Map.entry('\u00a3', List.of("sterling")),
          Map.entry('\u00a5', List.of("yen")),
          Map.entry('\uff0c', List.of(",")),
          Map.entry('\u3002', List.of(".")),
          Map.entry('\uff08', List.of("(")),
          Map.entry('\uff09', List.of(")")));

  /** Relations of two characters; longer ones first. */
  private static final List<Map.Entry<String, String>> ASCII =
      List.of(
          Map.entry("<=>", "iff"),
          Map.entry("==>", "implies"),
          Map.entry(">=", "geq"),
          Map.entry("=>", "geq"),
          Map.entry("<=", "leq"),
          Map.entry("=<", "leq"),
          Map.entry("!=", "ne"),
          Map.entry("==", "="),
          Map.entry("->", "to"),
          Map.entry("**", "^"));

  private static final int LONGEST_NAME = 5;

  private final String text;
  private final List<MathToken> tokens = new ArrayList<>();
  private boolean inText;
  private int brackets;
  private boolean spaced;

  private MathLexer(String text, boolean inText) {
    this.text = text;
    this.inText = inText;
  }

  /** The tokens of an answer; null if it contains an unknown character or an overlong number. */
  static @Nullable List<MathToken> tokens(String answer) {
    MathLexer lexer = new MathLexer(answer, false);
    return lexer.read() ? lexer.tokens : null;
  }

  private boolean read() {
    int at = 0;
    while (at < text.length()) {
      int before = tokens.size();
      char c = text.charAt(at);
      if (Character.isWhitespace(c) || c == '~' || c == '\u00a0' || c == '\u202f') {
        spaced = true;
        at++;
        continue;
      }
      at = c == '$' ? at + 1 : next(at);
      if (at < 0) {
        return false;
      }
      if (tokens.size() > before) {
        spaced = false;
        MathToken last = tokens.getLast();
        brackets += last.is("(") || last.is("[") || last.is("\\{") ? 1 : 0;
        brackets -= last.is(")") || last.is("]") || last.is("\\}") ? 1 : 0;
      }
    }
    return true;
  }

  /** Adds the token at a position; returns the position behind it, or -1. */
  private int next(int at) {
    char c = text.charAt(at);
    if (Character.isDigit(c) || (c == '.' && decimalAt(at + 1))) {
      NumberLexer.Read number = NumberLexer.at(text, at, brackets > 0);
      if (number == null) {
        return -1;
      }
      tokens.add(new MathToken(Kind.NUMBER, number.text(), spaced));
      return number.end();
    }
    if (c == '\\') {
      return command(at);
    }
    if (c < 128 && Character.isLetter(c)) {
      return letters(at);
    }
    List<String> symbols = UNICODE.get(c);
    if (symbols != null) {
      for (String symbol : symbols) {
        boolean digit = Character.isDigit(symbol.charAt(0));
        tokens.add(new MathToken(digit ? Kind.NUMBER : Kind.SYMBOL, symbol, spaced));
      }
      return at + 1;
    }
    for (Map.Entry<String, String> relation : ASCII) {
      if (text.startsWith(relation.getKey(), at)) {
        add(relation.getValue());
        return at + relation.getKey().length();
      }
    }
    if ("+-*/^_(){}[]|=<>,;:!%&'.?".indexOf(c) < 0) {
      return -1;
    }
    add(String.valueOf(c));
    return at + 1;
  }

  private boolean decimalAt(int at) {
    return at < text.length() && (Character.isDigit(text.charAt(at)) && text.charAt(at) < 128);
  }

  private int command(int from) {
    Matcher named = region(COMMAND, from);
    if (!named.lookingAt()) {
      return escaped(from);
    }
    String name = named.group(1);
    int end = named.end();
    if (WITHOUT_MEANING.contains(name)) {
      return end;
    }
    if (name.equals("not")) {
      return negated(end);
    }
    boolean environment = name.equals("begin") || name.equals("end") || name.equals("mathbb");
    if (TEXT.contains(name) || environment) {
      return group(name, end, environment);
    }
    add(SAME.getOrDefault(name, name));
    return end;
  }

  private int escaped(int from) {
    char next = from + 1 < text.length() ? text.charAt(from + 1) : ' ';
    switch (next) {
      case '\\' -> add("\\\\");
      case '{', '}' -> add("\\" + next);
      case '%' -> add("%");
      case '|' -> add("|");
      case '$' -> add("dollar");
      case '&', '#', '_' -> add("escaped" + next);
      default -> spaced = true;
    }
    return from + 2;
  }

  /** {@code \not=} and {@code \not\in}. */
  private int negated(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '=') {
      add("ne");
      return at + 1;
    }
    add("not");
    return from;
  }

  private int group(String name, int end, boolean environment) {
    int open = end;
    while (open < text.length() && text.charAt(open) == ' ') {
      open++;
    }
    if (environment && open < text.length() && Character.isLetter(text.charAt(open))) {
      add(name + text.charAt(open));
      return open + 1;
    }
    if (!environment && open < text.length() && text.charAt(open) != '{') {
      return end;
    }
    int close = open < text.length() && text.charAt(open) == '{' ? closing(open) : -1;
    if (close < 0) {
      tokens.add(new MathToken(Kind.WORD, name, spaced));
      return end;
    }
    String content = text.substring(open + 1, close).strip();
    if (environment) {
      add(name + content);
      return close + 1;
    }
    if (inText || content.indexOf('{') >= 0) {
      // A group within text, such as \textbf{\text{B}}: the outer command adds nothing.
      add("{");
      return open + 1;
    }
    MathLexer inner = new MathLexer(content, true);
    if (!inner.read()) {
      tokens.add(new MathToken(Kind.WORD, content, spaced));
      return close + 1;
    }
    boolean first = true;
    boolean behindValue =
        !tokens.isEmpty()
            && (tokens.getLast().isNumber()
                || tokens.getLast().is("}")
                || tokens.getLast().is(")"));
    for (MathToken token : inner.tokens) {
      if (behindValue && inner.tokens.size() == 1 && Unit.isLetter(token.text())) {
        tokens.add(new MathToken(Kind.WORD, token.text(), spaced));
        continue;
      }
      tokens.add(new MathToken(token.kind(), token.text(), token.spaced() || (first && spaced)));
      first = false;
    }
    return close + 1;
  }

  private int closing(int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  private int letters(int from) {
    Matcher run = region(LETTERS, from);
    if (!run.lookingAt()) {
      return from + 1;
    }
    String letters = run.group();
    String lower = letters.toLowerCase(Locale.ROOT);
    boolean glued = from > 0 && Character.isLetterOrDigit(text.charAt(from - 1));
    NumberWords.Named number = glued ? null : NumberWords.at(text, from);
    if (number != null) {
      tokens.add(new MathToken(Kind.NUMBER, Long.toString(number.value()), spaced));
      return number.end();
    }
    boolean capitals = letters.equals(letters.toUpperCase(Locale.ROOT));
    boolean capitalised = !capitals && Character.isUpperCase(letters.charAt(0)) && isLower(letters);
    boolean unit =
        Unit.isKnown(letters)
            && !tokens.isEmpty()
            && tokens.getLast().isNumber()
            && text.substring(run.end()).chars().noneMatch(Character::isLetterOrDigit);
    if (unit) {
      tokens.add(new MathToken(Kind.WORD, letters, spaced));
    } else if (lower.equals("and") || lower.equals("or")) {
      add(lower);
    } else if (PLAIN_COMMANDS.contains(lower) && !capitals) {
      add(SAME.getOrDefault(lower, lower));
    } else if (isSpelledOut(letters)) {
      // Capitals with spaces between are one name: A B is AB.
      MathToken first = tokens.removeLast();
      tokens.add(new MathToken(Kind.LETTER, first.text() + letters, first.spaced()));
    } else if (letters.length() == 1) {
      tokens.add(new MathToken(Kind.LETTER, letters, spaced));
    } else if (capitals && letters.length() <= LONGEST_NAME && !Unit.isKnown(letters)) {
      // Several capitals name a segment, an angle or a permutation; they are no product.
      tokens.add(new MathToken(Kind.LETTER, letters, spaced));
    } else if (letters.length() > 3
        || Unit.isKnown(letters)
        || WORDS.contains(lower)
        || capitalised
        || (inText && !capitals)) {
      tokens.add(new MathToken(Kind.WORD, letters, spaced));
    } else {
      for (int i = 0; i < letters.length(); i++) {
        tokens.add(new MathToken(Kind.LETTER, letters.substring(i, i + 1), spaced && i == 0));
      }
    }
    return run.end();
  }

  /** Whether a capital continues the capitals before it. */
  private boolean isSpelledOut(String letters) {
    MathToken last = tokens.isEmpty() ? null : tokens.getLast();
    return letters.length() == 1
        && Character.isUpperCase(letters.charAt(0))
        && last != null
        && last.isLetter()
        && last.text().chars().allMatch(c -> c >= 'A' && c <= 'Z');
  }

  private static boolean isLower(String letters) {
    return letters.substring(1).equals(letters.substring(1).toLowerCase(Locale.ROOT));
  }

  private Matcher region(Pattern pattern, int from) {
    Matcher matcher = pattern.matcher(text);
    matcher.region(from, text.length());
    matcher.useTransparentBounds(true);
    return matcher;
  }

  private void add(String symbol) {
    tokens.add(MathToken.symbol(symbol, spaced));
  }
}
