package io.urteil.jinja;

import io.urteil.jinja.Expression.Arguments;
import io.urteil.jinja.Token.Kind;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions, with the precedences of Jinja2. */
class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<Kind> TEST_ARGUMENTS =
      Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);

  /** Levels of brackets, signs, {@code not} and tags inside each other. */
  private static final int DEPTH_MAX = 100;

  private final List<Token> tokens;
  private final List<TemplateException> unknown = new ArrayList<>();
  private Set<String> names = new HashSet<>();
  private int at;
  private int depth;

  ExpressionParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** Begins a level of nesting; {@link #leave} ends it. */
  final void enter() {
    if (++depth > DEPTH_MAX) {
      throw TemplateException.at(
          current().line(), "more than %d levels inside each other".formatted(DEPTH_MAX));
    }
  }

  final void leave() {
    depth--;
  }

  /** An expression, a conditional one included. */
  final Expression expression() {
    enter();
    int known = unknown.size();
    Expression value = or();
    while (takeName("if")) {
      int line = current().line();
      Expression condition = or();
      Expression otherwise = takeName("else") ? expression() : null;
      value = new Expression.Conditional(condition, value, otherwise, line);
      // Their filters and tests are looked up when they are reached.
      unknown.subList(known, unknown.size()).clear();
    }
    leave();
    return value;
  }

  /**
   * Rejects unknown filters and tests of the expressions since the last call.
   *
   * @param conditional whether they may never be reached, as in the body of an {@code if}
   */
  final void settle(boolean conditional) {
    if (!conditional && !unknown.isEmpty()) {
      throw unknown.getFirst();
    }
    unknown.clear();
  }

  /** The names that were read since the last call. */
  final Set<String> takeNames() {
    Set<String> taken = names;
    names = new HashSet<>();
    return taken;
  }

  final void addNames(Set<String> more) {
    names.addAll(more);
  }

  /** One expression, or several as a tuple. */
  final Expression tuple() {
    Expression first = expression();
    return current().isOperator(",")
        ? new Expression.Sequence(rest(first, true), true, first.line())
        : first;
  }

  private List<Expression> rest(Expression first, boolean conditional) {
    List<Expression> items = new ArrayList<>(List.of(first));
    while (takeOperator(",")) {
      if (current().kind() == Kind.TAG_END
          || current().kind() == Kind.PRINT_END
          || current().isOperator(")")
          || current().isName("recursive")) {
        break;
      }
      items.add(conditional ? expression() : or());
    }
    return items;
  }

  /** An expression of an if or for tag, whose {@code if} does not belong to the expression. */
  final Expression unconditional() {
    Expression first = or();
    return current().isOperator(",")
        ? new Expression.Sequence(rest(first, false), true, first.line())
        : first;
  }

  private Expression or() {
    Expression left = and();
    while (takeName("or")) {
      left = new Expression.Or(left, and(), left.line());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (takeName("and")) {
      left = new Expression.And(left, not(), left.line());
    }
    return left;
  }

  private Expression not() {
    int line = current().line();
    if (!takeName("not")) {
      return comparison();
    }
    enter();
    Expression negated = new Expression.Not(not(), line);
    leave();
    return negated;
  }

  private Expression comparison() {
    int line = current().line();
    Expression first = sum();
    List<String> operators = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      if (current().kind() == Kind.OPERATOR && COMPARISONS.contains(current().text())) {
        operators.add(next().text());
      } else if (takeName("in")) {
        operators.add("in");
      } else if (current().isName("not") && peek().isName("in")) {
        next();
        next();
        operators.add("not in");
      } else {
        break;
      }
      others.add(sum());
    }
    return others.isEmpty() ? first : new Expression.Comparison(first, operators, others, line);
  }

  private Expression sum() {
    Expression left = concatenation();
    while (current().isOperator("+") || current().isOperator("-")) {
      Token operator = next();
      left = new Expression.Arithmetic(operator.text(), left, concatenation(), operator.line());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (current().isOperator("~")) {
      Token operator = next();
      left = new Expression.Arithmetic("~", left, product(), operator.line());
    }
    return left;
  }

  private Expression product() {
    Expression left = power();
    while (current().kind() == Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(current().text())) {
      Token operator = next();
      left = new Expression.Arithmetic(operator.text(), left, power(), operator.line());
    }
    return left;
  }

  private Expression power() {
    Expression left = unary(true);
    while (current().isOperator("**")) {
      Token operator = next();
      Expression right = unary(true);
      left =
          new Expression.Arithmetic(
              isConstant(left) && !isLiteral(right) ? "constant **" : "**",
              left,
              right,
              operator.line());
    }
    return left;
  }

  /** Whether Jinja2 may compute the value when it reads the template. */
  private static boolean isConstant(Expression expression) {
    return switch (expression) {
      case Expression.Negative(Expression of, int line) -> isConstant(of);
      case Expression.Positive(Expression of, int line) -> isConstant(of);
      case Expression.Arithmetic(String operator, Expression left, Expression right, int line) ->
          isConstant(left) && isConstant(right);
      case Expression.Filter(Expression of, String name, Arguments arguments, int line) ->
          isConstant(of);
      case Expression.Item(Expression of, Expression key, int line) -> isConstant(of);
      case Expression.And(Expression left, Expression right, int line) ->
          isConstant(left) || isConstant(right);
      case Expression.Or(Expression left, Expression right, int line) ->
          isConstant(left) || isConstant(right);
      case Expression.Conditional conditional -> true;
      case Expression.Sequence sequence -> true;
      case Expression.Mapping mapping -> true;
      case Expression.Literal literal -> true;
      default -> false;
    };
  }

  /** Whether Jinja2 certainly computes the value when it reads the template. */
  private static boolean isLiteral(Expression expression) {
    return switch (expression) {
      case Expression.Negative(Expression of, int line) -> isLiteral(of);
      case Expression.Positive(Expression of, int line) -> isLiteral(of);
      case Expression.Arithmetic(String operator, Expression left, Expression right, int line) ->
          isLiteral(left) && isLiteral(right);
      case Expression.Literal literal -> true;
      default -> false;
    };
  }

  private Expression unary(boolean withFilter) {
    Token token = current();
    Expression value;
    if (takeOperator("-")) {
      enter();
      value = new Expression.Negative(unary(false), token.line());
      leave();
    } else if (takeOperator("+")) {
      enter();
      value = new Expression.Positive(unary(false), token.line());
      leave();
    } else {
      value = postfix(primary());
    }
    return withFilter ? filters(value) : value;
  }

  private Expression primary() {
    Token token = next();
    return switch (token.kind()) {
      case NAME ->
          switch (token.text()) {
            case "true", "True" -> new Expression.Literal(true, token.line());
            case "false", "False" -> new Expression.Literal(false, token.line());
            case "none", "None" -> new Expression.Literal(Values.NONE, token.line());
            case "self", "super" -> throw unexpected(token, "a variable");
            default -> {
              names.add(token.text());
              yield new Expression.Name(token.text(), token.line());
            }
          };
      case STRING -> {
        StringBuilder text = new StringBuilder(token.text());
        while (current().kind() == Kind.STRING) {
          text.append(next().text());
        }
        yield new Expression.Literal(OriginText.template(text.toString()), token.line());
      }
      case INTEGER -> new Expression.Literal(whole(token), token.line());
      case FLOAT ->
          new Expression.Literal(
              Numbers.finite(Double.parseDouble(token.text().replace("_", "")), token.line()),
              token.line());
      default ->
          switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> new Expression.Sequence(items("]"), false, token.line());
            case "{" -> mapping();
            default -> throw unexpected(token, "an expression");
          };
    };
  }

  private static Long whole(Token token) {
    try {
      String digits = token.text().replace("_", "");
      return digits.length() < 2 || Character.isDigit(digits.charAt(1))
          ? Long.valueOf(digits)
          : Long.valueOf(Numbers.parsed(digits, 0, token.line()).orElseThrow());
    } catch (NumberFormatException | ArithmeticException e) {
      throw TemplateException.at(
          token.line(),
          "%s (expected: a whole number of at most %d)"
              .formatted(Token.excerpt(token.text()), Long.MAX_VALUE));
    }
  }

  private Expression parenthesised() {
    if (takeOperator(")")) {
      return new Expression.Sequence(List.of(), true, current().line());
    }
    Expression inner = tuple();
    expectOperator(")");
    return inner;
  }

  private List<Expression> items(String close) {
    List<Expression> items = new ArrayList<>();
    while (!takeOperator(close)) {
      if (!items.isEmpty()) {
        expectOperator(",");
        if (takeOperator(close)) {
          break;
        }
      }
      items.add(expression());
    }
    return items;
  }

  private Expression mapping() {
    int line = current().line();
    List<Expression> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!takeOperator("}")) {
      if (!keys.isEmpty()) {
        expectOperator(",");
        if (takeOperator("}")) {
          break;
        }
      }
      keys.add(expression());
      expectOperator(":");
      values.add(expression());
    }
    return new Expression.Mapping(keys, values, line);
  }

  private Expression postfix(Expression value) {
    Expression result = value;
    while (true) {
      int line = current().line();
      if (takeOperator(".")) {
        Token name = next();
        result =
            name.kind() == Kind.INTEGER
                ? new Expression.Item(result, new Expression.Literal(whole(name), line), line)
                : new Expression.Attribute(result, nameOf(name), line);
      } else if (takeOperator("[")) {
        result = subscript(result, line);
      } else if (takeOperator("(")) {
        result = new Expression.Call(result, arguments(), line);
      } else {
        return result;
      }
    }
  }

  private Expression subscript(Expression of, int line) {
    Expression from = current().isOperator(":") ? null : expression();
    if (from != null && takeOperator("]")) {
      return new Expression.Item(of, from, line);
    }
    expectOperator(":");
    Expression to = current().isOperator("]") || current().isOperator(":") ? null : expression();
    Expression step = null;
    if (takeOperator(":") && !current().isOperator("]")) {
      step = expression();
    }
    expectOperator("]");
    return new Expression.Slice(of, from, to, step, line);
  }

  /** The arguments after an opening bracket. */
  private Arguments arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression more = null;
    Expression moreNamed = null;
    boolean first = true;
    while (!takeOperator(")")) {
      if (!first) {
        expectOperator(",");
        if (takeOperator(")")) {
          break;
        }
      }
      first = false;
      Token token = current();
      if (moreNamed != null) {
        throw unexpected(token, "')'");
      }
      if (takeOperator("**")) {
        moreNamed = expression();
      } else if (more == null && takeOperator("*")) {
        more = expression();
      } else if (token.kind() == Kind.NAME && peek().isOperator("=")) {
        next();
        next();
        if (named.put(token.text(), expression()) != null) {
          throw unexpected(token, "a keyword argument once");
        }
      } else if (named.isEmpty() && more == null) {
        positional.add(expression());
      } else {
        throw unexpected(token, "a keyword argument");
      }
    }
    return new Arguments(positional, named, more, moreNamed);
  }

  private Expression filters(Expression value) {
    Expression result = value;
    while (true) {
      Token token = current();
      if (takeOperator("|")) {
        result = filter(result, token.line());
      } else if (takeName("is")) {
        result = test(result, token.line());
      } else if (takeOperator("(")) {
        result = new Expression.Call(result, arguments(), token.line());
      } else {
        return result;
      }
    }
  }

  /** A filter behind its {@code |}. */
  final Expression.Filter filter(Expression of, int line) {
    Token name = next();
    if (!Filters.NAMES.contains(nameOf(name))) {
      unknown.add(unexpected(name, "a filter, one of " + Filters.NAMES));
    }
    Arguments arguments = takeOperator("(") ? arguments() : Arguments.NONE;
    return new Expression.Filter(of, name.text(), arguments, line);
  }

  private Expression test(Expression of, int line) {
    boolean negated = takeName("not");
    Token name = next();
    if (!Tests.NAMES.contains(nameOf(name))) {
      unknown.add(unexpected(name, "a test, one of " + Tests.NAMES));
    }
    Arguments arguments = Arguments.NONE;
    Token following = current();
    if (takeOperator("(")) {
      arguments = arguments();
    } else if (takesArgument(following)) {
      if (following.isName("is")) {
        throw unexpected(following, "one test");
      }
      arguments = new Arguments(List.of(postfix(primary())), Map.of(), null, null);
    }
    return new Expression.Test(of, name.text(), arguments, negated, line);
  }

  private static boolean takesArgument(Token token) {
    return (TEST_ARGUMENTS.contains(token.kind())
            && !(token.kind() == Kind.NAME && Set.of("else", "or", "and").contains(token.text())))
        || token.isOperator("[")
        || token.isOperator("{");
  }

  final Token current() {
    return tokens.get(at);
  }

  private Token peek() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  final Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  final boolean takeName(String name) {
    boolean here = current().isName(name);
    if (here) {
      next();
    }
    return here;
  }

  final boolean takeOperator(String operator) {
    boolean here = current().isOperator(operator);
    if (here) {
      next();
    }
    return here;
  }

  final void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw unexpected(current(), "'" + operator + "'");
    }
  }

  final void expect(Kind kind, String what) {
    if (next().kind() != kind) {
      throw unexpected(tokens.get(at - 1), what);
    }
  }

  final String name() {
    return nameOf(next());
  }

  private static String nameOf(Token token) {
    if (token.kind() != Kind.NAME) {
      throw unexpected(token, "a name");
    }
    return token.text();
  }

  static TemplateException unexpected(Token token, String expected) {
    return TemplateException.at(token.line(), "%s (expected: %s)".formatted(token, expected));
  }

  final @Nullable Token lookAhead(int tokensAhead) {
    return at + tokensAhead < tokens.size() ? tokens.get(at + tokensAhead) : null;
  }
}
