package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathNode.Call;
import io.urteil.judges.answer.math.MathNode.Constant;
import io.urteil.judges.answer.math.MathNode.Name;
import io.urteil.judges.answer.math.MathNode.Negated;
import io.urteil.judges.answer.math.MathNode.Power;
import io.urteil.judges.answer.math.MathNode.Product;
import io.urteil.judges.answer.math.MathNode.Quotient;
import io.urteil.judges.answer.math.MathNode.Sum;
import io.urteil.judges.answer.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parses an expression by recursive descent. Adjacent letters are multiplied; an integer before a
 * fraction of integers is a mixed number. Input that is not consumed completely is rejected.
 */
final class MathParser {

  private static final int MAX_DEPTH = 40;
  private static final Rational MINUS_ONE = Rational.of(-1);
  private static final Set<String> FUNCTIONS =
      Set.of(
          "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "ln", "exp",
          "sinh", "cosh", "tanh", "coth", "sech", "csch", "arcsinh");

  /** Functions whose power -1 is the inverse function. */
  private static final Set<String> INVERTIBLE = Set.of("sin", "cos", "tan");

  /** Functions of several arguments in any order. */
  private static final Set<String> SYMMETRIC = Set.of("max", "min", "gcd", "lcm");

  /** Letters that name functions; the bracket behind them holds the argument. */
  static final String FUNCTION_LETTERS = "fghFGH";

  private static final Set<String> LETTERS =
      Set.of(
          "pi",
          "infty",
          "theta",
          "alpha",
          "beta",
          "gamma",
          "delta",
          "lambda",
          "mu",
          "phi",
          "varphi",
          "omega",
          "sigma",
          "rho",
          "epsilon",
          "ell",
          "tau",
          "psi",
          "eta",
          "zeta",
          "kappa",
          "nu",
          "xi",
          "chi",
          "varepsilon",
          "Delta",
          "Omega",
          "Phi",
          "Gamma",
          "Sigma",
          "Theta",
          "mathbbZ",
          "mathbbQ",
          "mathbbN",
          "mathbbC");

  /** Accents that make another name of a letter. */
  private static final Set<String> ACCENTS =
      Set.of("overline", "vec", "hat", "tilde", "overrightarrow");

  private final List<MathToken> tokens;
  private final int sign;
  private int at;
  private int depth;
  private int bars;

  /** Rejects the input; caught within this class. */
  private static final class InvalidExpression extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidExpression() {
      super(null, null, false, false);
    }
  }

  private MathParser(List<MathToken> tokens, int sign) {
    this.tokens = new ArrayList<>(tokens);
    this.sign = sign;
  }

  /** The expression of these tokens; null if they are not one. */
  static @Nullable MathNode parse(List<MathToken> tokens) {
    return parse(tokens, 1);
  }

  /**
   * As {@link #parse(List)}, with a sign for plus-minus.
   *
   * @param sign 1 or -1, the meaning of {@code \pm}
   */
  static @Nullable MathNode parse(List<MathToken> tokens, int sign) {
    MathParser parser = new MathParser(tokens, sign);
    try {
      MathNode node = parser.sum();
      return parser.at == parser.tokens.size() ? node : null;
    } catch (InvalidExpression e) {
      return null;
    }
  }

  private MathNode sum() {
    if (++depth > MAX_DEPTH) {
      throw new InvalidExpression();
    }
    List<MathNode> terms = new ArrayList<>();
    boolean negative = leadingSign();
    MathNode first = product();
    terms.add(negative ? new Negated(first) : first);
    while (nextIs("+") || nextIs("-") || nextIs("pm") || nextIs("mp")) {
      boolean minus = takeSign();
      while (nextIs("-") || nextIs("+")) {
        minus ^= takeSign();
      }
      MathNode term = product();
      terms.add(minus ? new Negated(term) : term);
    }
    depth--;
    return terms.size() == 1 ? terms.getFirst() : new Sum(terms);
  }

  private boolean leadingSign() {
    boolean negative = false;
    while (nextIs("+") || nextIs("-") || nextIs("pm") || nextIs("mp")) {
      negative ^= takeSign();
    }
    return negative;
  }

  private boolean takeSign() {
    MathToken token = take();
    return switch (token.text()) {
      case "-" -> true;
      case "pm" -> sign < 0;
      case "mp" -> sign > 0;
      default -> false;
    };
  }

  private MathNode product() {
    List<MathNode> factors = new ArrayList<>();
    factors.add(mixed());
    while (true) {
      if (nextIs("*")) {
        at++;
        factors.add(signed());
      } else if (nextIs("/") || nextIs(":")) {
        at++;
        MathNode denominator = signed();
        factors.add(new Quotient(new Constant(Rational.ONE), denominator));
      } else if (startsFactor()) {
        factors.add(mixed());
      } else {
        return factors.size() == 1 ? factors.getFirst() : new Product(factors);
      }
    }
  }

  private MathNode signed() {
    boolean negative = leadingSign();
    MathNode factor = mixed();
    return negative ? new Negated(factor) : factor;
  }

  /** A factor, or a mixed number such as {@code 1\frac12} or {@code 1 1/2}. */
  private MathNode mixed() {
    if (!has() || !peek().isNumber() || peek().text().contains(".")) {
      return postfix();
    }
    MathNode whole = new Constant(peek().number());
    if (at + 1 < tokens.size() && tokens.get(at + 1).is("frac")) {
      int start = at;
      at++;
      MathNode fraction = postfix();
      if (fraction instanceof Quotient(Constant numerator, Constant denominator)) {
        return new Sum(List.of(whole, new Quotient(numerator, denominator)));
      }
      at = start;
    }
    if (at + 3 < tokens.size()
        && tokens.get(at + 1).isNumber()
        && tokens.get(at + 1).spaced()
        && tokens.get(at + 2).is("/")
        && tokens.get(at + 3).isNumber()) {
      MathNode numerator = new Constant(tokens.get(at + 1).number());
      MathNode denominator = new Constant(tokens.get(at + 3).number());
      at += 4;
      return new Sum(List.of(whole, new Quotient(numerator, denominator)));
    }
    return postfix();
  }

  private boolean startsFactor() {
    if (!has()) {
      return false;
    }
    MathToken next = peek();
    return switch (next.kind()) {
      case NUMBER -> at > 0 && !tokens.get(at - 1).isNumber();
      case LETTER -> true;
      case WORD -> false;
      case SYMBOL ->
          next.is("(")
              || next.is("{")
              || next.is("[")
              || next.is("frac")
              || next.is("sqrt")
              || next.is("binom")
              || next.is("log")
              || next.is("lfloor")
              || next.is("lceil")
              || (next.is("|") && bars == 0)
              || ACCENTS.contains(next.text())
              || SYMMETRIC.contains(next.text())
              || FUNCTIONS.contains(next.text())
              || LETTERS.contains(next.text());
    };
  }

  private MathNode postfix() {
    MathNode base = atom();
    int levels = 0;
    while (has()) {
      if (nextIs("^") || nextIs("!")) {
        levels++;
      }
      if (levels > MAX_DEPTH) {
        throw new InvalidExpression();
      }
      if (nextIs("^")) {
        at++;
        if (isEuler(base)) {
          base = new Power(base, imaginary(exponent()));
          continue;
        }
        if (nextIs("circ")) {
          at++;
          continue;
        }
        if (nextIs("{") && at + 2 < tokens.size() && tokens.get(at + 1).is("circ")) {
          at += 3;
          continue;
        }
        base = new Power(base, exponent());
      } else if (nextIs("circ")) {
        at++;
      } else if (nextIs("!")) {
        at++;
        if (nextIs("!")) {
          // n!! is a double factorial, or the factorial of a factorial.
          throw new InvalidExpression();
        }
        base = new Call("factorial", List.of(base));
      } else {
        return base;
      }
    }
    return base;
  }

  private static boolean isEuler(MathNode base) {
    return base instanceof Name(String name) && name.equals("e");
  }

  /** The exponent of e, in which a capital I is the imaginary unit. */
  private static MathNode imaginary(MathNode node) {
    return switch (node) {
      case Name(String name) -> name.equals("I") ? new Name("i") : node;
      case Negated(MathNode inner) -> new Negated(imaginary(inner));
      case Product(List<MathNode> factors) ->
          new Product(factors.stream().map(MathParser::imaginary).toList());
      case Quotient(MathNode numerator, MathNode denominator) ->
          new Quotient(imaginary(numerator), denominator);
      default -> node;
    };
  }

  private MathNode exponent() {
    if (nextIs("-") || nextIs("+")) {
      boolean negative = takeSign();
      MathNode inner = atom();
      return negative ? new Negated(inner) : inner;
    }
    return atom();
  }

  private MathNode atom() {
    if (++depth > MAX_DEPTH) {
      throw new InvalidExpression();
    }
    MathNode node = atom(take());
    depth--;
    return node;
  }

  private MathNode atom(MathToken token) {
    return switch (token.kind()) {
      case NUMBER -> new Constant(token.number());
      case LETTER -> named(token.text());
      case WORD -> throw new InvalidExpression();
      case SYMBOL ->
          switch (token.text()) {
            case "(" -> enclosed(")");
            case "{" -> enclosed("}");
            case "[" -> enclosed("]");
            case "|" -> absolute();
            case "lfloor" -> new Call("floor", List.of(enclosed("rfloor")));
            case "lceil" -> new Call("ceil", List.of(enclosed("rceil")));
            case "floor", "ceil" -> new Call(token.text(), List.of(argument()));
            case "frac" -> new Quotient(argument(), argument());
            case "binom" -> new Call("binom", List.of(argument(), argument()));
            case "sqrt" -> root();
            case "log" -> logarithm();
            default -> {
              if (LETTERS.contains(token.text())) {
                yield named(token.text());
              }
              if (FUNCTIONS.contains(token.text())) {
                yield function(token.text());
              }
              if (SYMMETRIC.contains(token.text())) {
                yield new Call(token.text(), arguments());
              }
              if (ACCENTS.contains(token.text())) {
                yield new Name(token.text() + " " + accented());
              }
              throw new InvalidExpression();
            }
          };
    };
  }

  /** The expression up to a closing bracket; within it, a bar opens an absolute value again. */
  private MathNode enclosed(String close) {
    int outer = bars;
    bars = 0;
    MathNode inner = closed(close);
    bars = outer;
    return inner;
  }

  private MathNode absolute() {
    bars++;
    MathNode inner = closed("|");
    bars--;
    return new Call("abs", List.of(inner));
  }

  /** The arguments in brackets or braces of a function of several. */
  private List<MathNode> arguments() {
    String close =
        nextIs("(") ? ")" : nextIs("\\{") ? "\\}" : nextIs("{") ? "}" : nextIs("[") ? "]" : "";
    if (close.isEmpty()) {
      throw new InvalidExpression();
    }
    at++;
    int outer = bars;
    bars = 0;
    List<MathNode> arguments = new ArrayList<>();
    arguments.add(sum());
    while (nextIs(",")) {
      at++;
      arguments.add(sum());
    }
    expect(close);
    bars = outer;
    if (arguments.size() < 2) {
      throw new InvalidExpression();
    }
    return arguments;
  }

  /** The letters under an accent. */
  private String accented() {
    StringBuilder name = new StringBuilder();
    if (nextIs("{")) {
      at++;
      while (has() && !nextIs("}")) {
        name.append(letter());
      }
      expect("}");
    } else {
      name.append(letter());
    }
    return name.toString();
  }

  private String letter() {
    MathToken token = take();
    if (!token.isLetter()
        && !LETTERS.contains(token.text())
        && !token.is("_")
        && !token.isWhole()) {
      throw new InvalidExpression();
    }
    return token.text();
  }

  private MathNode closed(String close) {
    MathNode inner = sum();
    expect(close);
    return inner;
  }

  private MathNode named(String letter) {
    StringBuilder primed = new StringBuilder(letter);
    while (nextIs("'")) {
      at++;
      primed.append('\'');
    }
    if (!nextIs("_")) {
      MathNode applied = isApplied(primed.toString()) ? applied(primed.toString()) : null;
      return applied == null ? new Name(primed.toString()) : applied;
    }
    at++;
    StringBuilder subscript = new StringBuilder("_");
    if (nextIs("{")) {
      at++;
      while (has() && !nextIs("}")) {
        subscript.append(take().text());
      }
      expect("}");
    } else {
      subscript.append(take().text());
    }
    return new Name(letter + subscript);
  }

  /**
   * Whether the bracket behind a letter holds an argument rather than a factor: behind f, g or h,
   * and around a single number or, behind a capital, a single letter.
   */
  private boolean isApplied(String letter) {
    if (!nextIs("(") || letter.equals("pi") || letter.equals("e") || letter.equals("i")) {
      return false;
    }
    boolean single = at + 2 < tokens.size() && tokens.get(at + 2).is(")");
    MathToken inner = single ? tokens.get(at + 1) : null;
    return FUNCTION_LETTERS.indexOf(letter.charAt(0)) >= 0
        || (inner != null && inner.isNumber() && letter.length() == 1)
        || (inner != null && inner.isLetter() && Character.isUpperCase(letter.charAt(0)));
  }

  private @Nullable MathNode applied(String function) {
    int start = at;
    at++;
    List<MathNode> arguments = new ArrayList<>();
    arguments.add(sum());
    while (nextIs(",")) {
      at++;
      arguments.add(sum());
    }
    if (!nextIs(")")) {
      at = start;
      return null;
    }
    at++;
    return new Call(MathFunctions.APPLIED + function, arguments);
  }

  /** A LaTeX argument: braces, or a single digit or letter as in {@code \frac12}. */
  private MathNode argument() {
    if (nextIs("{") || nextIs("(")) {
      return atom();
    }
    if (has() && peek().isNumber() && peek().text().length() > 1 && !peek().text().contains(".")) {
      MathToken number = take();
      at--;
      if (!Character.isDigit(number.text().charAt(1))) {
        // The first digit of 1e9 leaves no number.
        throw new InvalidExpression();
      }
      tokens.set(at, new MathToken(MathToken.Kind.NUMBER, number.text().substring(1), false));
      return new Constant(Rational.of(number.text().charAt(0) - '0'));
    }
    return atom();
  }

  private MathNode root() {
    if (!nextIs("[")) {
      return new Call("sqrt", List.of(atom()));
    }
    at++;
    MathNode degree = closed("]");
    return new Call("root", List.of(degree, atom()));
  }

  private MathNode logarithm() {
    MathNode base = new Constant(Rational.of(10));
    if (nextIs("_")) {
      at++;
      base = atom();
    }
    MathNode exponent = null;
    if (nextIs("^")) {
      at++;
      exponent = exponent();
    }
    MathNode call = new Call("log", List.of(base, functionArgument()));
    return exponent == null ? call : new Power(call, exponent);
  }

  private MathNode function(String function) {
    MathNode exponent = null;
    if (nextIs("^")) {
      at++;
      exponent = exponent();
    }
    boolean inverse = exponent != null && MINUS_ONE.equals(MathNode.exact(exponent));
    if (inverse && !INVERTIBLE.contains(function)) {
      throw new InvalidExpression();
    }
    MathNode call = new Call(inverse ? "arc" + function : function, List.of(functionArgument()));
    return exponent == null || inverse ? call : new Power(call, exponent);
  }

  /** The argument in brackets, or the factors up to the next sign or function. */
  private MathNode functionArgument() {
    if (nextIs("(") || nextIs("[")) {
      // A power behind the bracket is one of the function's value: \cos(x)^2.
      return atom();
    }
    if (nextIs("{")) {
      return postfix();
    }
    List<MathNode> factors = new ArrayList<>();
    factors.add(mixed());
    while (startsFactor() && !nextIs("(") && !nextIs("log") && !FUNCTIONS.contains(peek().text())) {
      factors.add(postfix());
    }
    return factors.size() == 1 ? factors.getFirst() : new Product(factors);
  }

  private boolean has() {
    return at < tokens.size();
  }

  private MathToken peek() {
    return tokens.get(at);
  }

  private boolean nextIs(String symbol) {
    return has() && peek().is(symbol);
  }

  private MathToken take() {
    if (!has()) {
      throw new InvalidExpression();
    }
    return tokens.get(at++);
  }

  private void expect(String symbol) {
    if (!take().is(symbol)) {
      throw new InvalidExpression();
    }
  }
}
