package io.urteil.jinja;

import io.urteil.jinja.Token.Kind;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses a complete template; unsupported tags are rejected by name. */
final class StatementParser extends ExpressionParser {

  private static final List<String> TAGS =
      List.of("if", "for", "set", "macro", "with", "filter", "generation", "break", "continue");

  /** Names that cannot be assigned. */
  private static final Set<String> CONSTANTS =
      Set.of("true", "false", "none", "True", "False", "None");

  /** Whether this is the body of a loop that {@code break} ends. */
  private boolean inLoop;

  /** Whether this is the body of an {@code if}, which may never be reached. */
  private boolean conditional;

  private StatementParser(List<Token> tokens) {
    super(tokens);
  }

  static List<Statement> parse(String template) {
    StatementParser parser = new StatementParser(Lexer.tokens(template));
    List<Statement> statements = parser.body(Set.of());
    if (parser.current().kind() != Kind.END) {
      throw unexpected(parser.current(), "the end");
    }
    return statements;
  }

  /** Statements up to a tag with one of these names, which is not consumed. */
  private List<Statement> body(Set<String> ends) {
    enter();
    List<Statement> statements = statements(ends);
    leave();
    return statements;
  }

  /** A body with variables of its own, up to a tag, which is consumed. */
  private List<Statement> ownBody(String end, boolean ofLoop) {
    List<Statement> body = ownBody(Set.of(end), ofLoop);
    skipTag();
    return body;
  }

  private List<Statement> ownBody(Set<String> ends, boolean ofLoop) {
    boolean outerLoop = inLoop;
    boolean outerConditional = conditional;
    inLoop = ofLoop;
    conditional = false;
    List<Statement> body = body(ends);
    inLoop = outerLoop;
    conditional = outerConditional;
    return body;
  }

  private List<Statement> statements(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    while (true) {
      Token token = current();
      switch (token.kind()) {
        case TEXT -> statements.add(new Statement.Text(OriginText.template(next().text())));
        case PRINT_BEGIN -> {
          next();
          statements.add(new Statement.Print(tuple()));
          expect(Kind.PRINT_END, "'}}'");
          settle(conditional);
        }
        case TAG_BEGIN -> {
          Token name = lookAhead(1);
          if (name != null && ends.contains(name.text())) {
            return statements;
          }
          next();
          statements.add(tag());
        }
        case END -> {
          if (!ends.isEmpty()) {
            throw unexpected(token, "a tag, one of " + ends);
          }
          return statements;
        }
        default -> throw unexpected(token, "text or a tag");
      }
    }
  }

  private Statement tag() {
    Token name = next();
    return switch (name.text()) {
      case "if" -> ifTag();
      case "for" -> forTag(name.line());
      case "set" -> setTag(name.line());
      case "macro" -> macroTag();
      case "with" -> withTag();
      case "filter" -> {
        List<Expression.Filter> filters =
            filters(
                List.of(
                    filter(new Expression.Literal(OriginText.EMPTY, name.line()), name.line())));
        endTag();
        yield new Statement.FilterBlock(filters, ownBody("endfilter", false));
      }
      case "generation" -> {
        endTag();
        yield new Statement.Body(ownBody("endgeneration", false));
      }
      case "break" -> {
        requireLoop(name);
        yield new Statement.Break();
      }
      case "continue" -> {
        requireLoop(name);
        yield new Statement.Continue();
      }
      default -> throw unexpected(name, "a tag, one of " + TAGS);
    };
  }

  private void requireLoop(Token tag) {
    if (!inLoop) {
      throw unexpected(tag, "a loop around it, without a block of another kind between them");
    }
    endTag();
  }

  /** The filters of a block: a first one, if any, and those after it. */
  private List<Expression.Filter> filters(List<Expression.Filter> first) {
    List<Expression.Filter> filters = new ArrayList<>(first);
    int line = current().line();
    while (takeOperator("|")) {
      filters.add(filter(new Expression.Literal(OriginText.EMPTY, line), line));
    }
    return filters;
  }

  private Statement ifTag() {
    boolean outer = conditional;
    conditional = true;
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    Set<String> ends = Set.of("elif", "else", "endif");
    Expression condition = unconditional();
    endTag();
    branches.add(new Statement.Branch(condition, body(ends)));
    while (true) {
      next();
      String tag = name();
      if (tag.equals("elif")) {
        condition = unconditional();
        endTag();
        branches.add(new Statement.Branch(condition, body(ends)));
      } else if (tag.equals("else")) {
        endTag();
        otherwise = body(Set.of("endif"));
        next();
        next();
        endTag();
        break;
      } else {
        endTag();
        break;
      }
    }
    conditional = outer;
    return new Statement.If(branches, otherwise);
  }

  private Statement forTag(int line) {
    List<String> targets = targets();
    if (targets.contains("loop")) {
      throw unexpected(current(), "another name than 'loop'");
    }
    if (!takeName("in")) {
      throw unexpected(current(), "'in'");
    }
    Expression over = unconditional();
    Expression condition = null;
    if (takeName("if")) {
      Set<String> outside = takeNames();
      condition = expression();
      Set<String> read = takeNames();
      if (read.contains("loop")) {
        throw unexpected(current(), "a condition that does not read 'loop'");
      }
      addNames(outside);
      addNames(read);
    }
    if (current().isName("recursive")) {
      throw unexpected(current(), "a loop that is not recursive");
    }
    endTag();
    List<Statement> body = ownBody(Set.of("else", "endfor"), true);
    List<Statement> otherwise = List.of();
    next();
    if (name().equals("else")) {
      endTag();
      otherwise = ownBody(Set.of("endfor"), inLoop);
      next();
      next();
    }
    endTag();
    return new Statement.For(targets, over, condition, body, otherwise, line);
  }

  private Statement setTag(int line) {
    List<String> targets = targets();
    String attribute = targets.size() == 1 && takeOperator(".") ? name() : null;
    if (attribute != null && attribute.startsWith("_")) {
      throw unexpected(current(), "an attribute that does not begin with '_'");
    }
    if (takeOperator("=")) {
      Expression value = tuple();
      endTag();
      return attribute == null
          ? new Statement.Assign(targets, value, line)
          : new Statement.AssignAttribute(targets.getFirst(), attribute, value, line);
    }
    List<Expression.Filter> filters = filters(List.of());
    endTag();
    if (targets.size() > 1) {
      throw unexpected(current(), "one name for a block");
    }
    return new Statement.AssignBlock(
        targets.getFirst(), attribute, filters, ownBody("endset", false), line);
  }

  private Statement macroTag() {
    String name = target();
    expectOperator("(");
    List<String> parameters = new ArrayList<>();
    Map<String, Expression> defaults = new LinkedHashMap<>();
    Set<String> outside = takeNames();
    while (!takeOperator(")")) {
      if (!parameters.isEmpty()) {
        expectOperator(",");
      }
      Token token = current();
      String parameter = target();
      if (parameters.contains(parameter)) {
        throw unexpected(token, "a parameter once");
      }
      parameters.add(parameter);
      if (takeOperator("=")) {
        defaults.put(parameter, expression());
      } else if (!defaults.isEmpty()) {
        throw unexpected(token, "a parameter with a default");
      }
    }
    endTag();
    List<Statement> body = ownBody("endmacro", false);
    Set<String> read = takeNames();
    addNames(outside);
    addNames(read);
    return new Statement.Macro(name, parameters, defaults, read, body);
  }

  private Statement withTag() {
    List<String> names = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (current().kind() != Kind.TAG_END) {
      if (!names.isEmpty()) {
        expectOperator(",");
      }
      names.add(target());
      expectOperator("=");
      values.add(expression());
    }
    endTag();
    return new Statement.With(names, values, ownBody("endwith", inLoop));
  }

  private List<String> targets() {
    boolean bracket = takeOperator("(");
    List<String> targets = new ArrayList<>();
    do {
      targets.add(target());
    } while (takeOperator(","));
    if (bracket) {
      expectOperator(")");
    }
    return targets;
  }

  /** A name that is assigned. */
  private String target() {
    Token token = current();
    String name = name();
    if (CONSTANTS.contains(name)) {
      throw unexpected(token, "a name of a variable");
    }
    return name;
  }

  /** An end tag that {@link #body} found. */
  private void skipTag() {
    next();
    next();
    endTag();
  }

  private void endTag() {
    expect(Kind.TAG_END, "'%}'");
    settle(conditional);
  }
}
