package io.urteil.jinja;

import io.urteil.jinja.Expression.Arguments;
import io.urteil.jinja.Token.Kind;
import io.urteil.text.OriginText;
import java.util.ArrayList;
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
    Expression value = or();
    while (takeName("if")) {
      int line = current().line();
      Expression condition = or();
      Expression otherwise = takeName("else") ? expression() : null;
      value = new Expression.Conditional(condition, value, otherwise, line);
    }
    leave();
    return value;
  }

  /** One expression, or several as a tuple. */
  final Expression tuple() {
    Expression first = expression();
    return current().isOperator(",") ? new Expression.Sequence(rest(first), first.line()) : first;
  }

  private List<Expression> rest(Expression first) {
    List<Expression> items = new ArrayList<>(List.of(first));
    while (takeOperator(",")) {
      if (current().kind() == Kind.TAG_END
          || current().isOperator(")")
          || current().isOperator("=")) {
        break;
      }
      items.add(expression());
    }
    return items;
  }

  /** The iterable of a for tag: its {@code if} belongs to the loop, not to the expression. */
  final Expression iterated() {
    Expression first = or();
    return current().isOperator(",") ? new Expression.Sequence(rest(first), first.line()) : first;
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
      left = new Expression.Arithmetic("**", left, unary(true), operator.line());
    }
    return left;
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
      value = unary(false);
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
            default -> new Expression.Name(token.text(), token.line());
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
          new Expression.Literal(Double.valueOf(token.text().replace("_", "")), token.line());
      default ->
          switch (token.text()) {
            case "(" -> parenthesised();
            case "[" -> new Expression.Sequence(items("]"), token.line());
            case "{" -> mapping();
            default -> throw unexpected(token, "an expression");
          };
    };
  }

  private static Long whole(Token token) {
    try {
      return Long.valueOf(token.text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw TemplateException.at(
          token.line(),
          "%s (expected: a whole number of at most %d)"
              .formatted(Token.excerpt(token.text()), Long.MAX_VALUE));
    }
  }

  private Expression parenthesised() {
    if (takeOperator(")")) {
      return new Expression.Sequence(List.of(), current().line());
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
    while (!takeOperator(")")) {
      if (!positional.isEmpty() || !named.isEmpty()) {
        expectOperator(",");
        if (takeOperator(")")) {
          break;
        }
      }
      if (current().kind() == Kind.NAME && peek().isOperator("=")) {
        String name = next().text();
        next();
        named.put(name, expression());
      } else {
        positional.add(expression());
      }
    }
    return new Arguments(positional, named);
  }

  private Expression filters(Expression value) {
    Expression result = value;
    while (true) {
      Token token = current();
      if (takeOperator("|")) {
        Token name = next();
        if (!Filters.NAMES.contains(nameOf(name))) {
          throw unexpected(name, "a filter, one of " + Filters.NAMES);
        }
        Arguments arguments = takeOperator("(") ? arguments() : Arguments.NONE;
        result = new Expression.Filter(result, name.text(), arguments, token.line());
      } else if (takeName("is")) {
        result = test(result, token.line());
      } else if (takeOperator("(")) {
        result = new Expression.Call(result, arguments(), token.line());
      } else {
        return result;
      }
    }
  }

  private Expression test(Expression of, int line) {
    boolean negated = takeName("not");
    Token name = next();
    if (!Tests.NAMES.contains(name.text())) {
      throw unexpected(name, "a test, one of " + Tests.NAMES);
    }
    Arguments arguments = Arguments.NONE;
    Token following = current();
    if (takeOperator("(")) {
      arguments = arguments();
    } else if (takesArgument(following)) {
      arguments = new Arguments(List.of(postfix(primary())), Map.of());
    }
    return new Expression.Test(of, name.text(), arguments, negated, line);
  }

  private static boolean takesArgument(Token token) {
    return (TEST_ARGUMENTS.contains(token.kind())
            && !Set.of("else", "or", "and", "if", "is").contains(token.text()))
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
