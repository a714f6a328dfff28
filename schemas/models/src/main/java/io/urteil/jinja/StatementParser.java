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
      List.of("if", "for", "set", "macro", "with", "generation", "break", "continue");

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
      case "generation" -> {
        endTag();
        List<Statement> body = body(Set.of("endgeneration"));
        skipTag();
        yield new Statement.Body(body);
      }
      case "break" -> {
        endTag();
        yield new Statement.Break();
      }
      case "continue" -> {
        endTag();
        yield new Statement.Continue();
      }
      default -> throw unexpected(name, "a tag, one of " + TAGS);
    };
  }

  private Statement ifTag() {
    List<Statement.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    Set<String> ends = Set.of("elif", "else", "endif");
    Expression condition = tuple();
    endTag();
    branches.add(new Statement.Branch(condition, body(ends)));
    while (true) {
      next();
      String tag = name();
      if (tag.equals("elif")) {
        condition = tuple();
        endTag();
        branches.add(new Statement.Branch(condition, body(ends)));
      } else if (tag.equals("else")) {
        endTag();
        otherwise = body(Set.of("endif"));
      } else {
        endTag();
        return new Statement.If(branches, otherwise);
      }
    }
  }

  private Statement forTag(int line) {
    List<String> targets = targets();
    if (!takeName("in")) {
      throw unexpected(current(), "'in'");
    }
    Expression over = iterated();
    Expression condition = takeName("if") ? expression() : null;
    if (current().isName("recursive")) {
      throw unexpected(current(), "a loop that is not recursive");
    }
    endTag();
    List<Statement> body = body(Set.of("else", "endfor"));
    List<Statement> otherwise = List.of();
    next();
    if (name().equals("else")) {
      endTag();
      otherwise = body(Set.of("endfor"));
      next();
      next();
    }
    endTag();
    return new Statement.For(targets, over, condition, body, otherwise, line);
  }

  private Statement setTag(int line) {
    List<String> targets = targets();
    if (targets.size() == 1 && takeOperator(".")) {
      String attribute = name();
      expectOperator("=");
      Expression value = tuple();
      endTag();
      return new Statement.AssignAttribute(targets.getFirst(), attribute, value, line);
    }
    if (takeOperator("=")) {
      Expression value = tuple();
      endTag();
      return new Statement.Assign(targets, value, line);
    }
    endTag();
    List<Statement> body = body(Set.of("endset"));
    skipTag();
    return new Statement.AssignBlock(targets.getFirst(), body);
  }

  private Statement macroTag() {
    String name = name();
    expectOperator("(");
    List<String> parameters = new ArrayList<>();
    Map<String, Expression> defaults = new LinkedHashMap<>();
    while (!takeOperator(")")) {
      if (!parameters.isEmpty()) {
        expectOperator(",");
      }
      String parameter = name();
      parameters.add(parameter);
      if (takeOperator("=")) {
        defaults.put(parameter, expression());
      }
    }
    endTag();
    List<Statement> body = body(Set.of("endmacro"));
    skipTag();
    return new Statement.Macro(name, parameters, defaults, body);
  }

  private Statement withTag() {
    List<String> names = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (current().kind() != Kind.TAG_END) {
      if (!names.isEmpty()) {
        expectOperator(",");
      }
      names.add(name());
      expectOperator("=");
      values.add(expression());
    }
    endTag();
    List<Statement> body = body(Set.of("endwith"));
    skipTag();
    return new Statement.With(names, values, body);
  }

  private List<String> targets() {
    boolean bracket = takeOperator("(");
    List<String> targets = new ArrayList<>();
    do {
      targets.add(name());
    } while (takeOperator(","));
    if (bracket) {
      expectOperator(")");
    }
    return targets;
  }

  /** An end tag that {@link #body} found. */
  private void skipTag() {
    next();
    next();
    if (current().kind() == Kind.NAME) {
      next();
    }
    endTag();
  }

  private void endTag() {
    expect(Kind.TAG_END, "'%}'");
  }
}
