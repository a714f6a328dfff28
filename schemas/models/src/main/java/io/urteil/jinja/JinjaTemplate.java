package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template, parsed once and rendered any number of times. Thread-safe.
 *
 * <p>The language is Jinja2 without inheritance, includes, {@code call} and {@code filter} blocks;
 * white space is handled by {@code trim_blocks} and {@code lstrip_blocks}. Parsing and rendering
 * take bounded time and memory ({@link Budget}), whatever the template.
 */
public final class JinjaTemplate {

  private static final long RANGE_MAX = 100_000;
  private static final int CALLS_MAX = 100;

  private final List<Statement> statements;

  private JinjaTemplate(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException naming the line, the token found and the expectation
   */
  public static JinjaTemplate parse(String template) {
    try {
      return new JinjaTemplate(StatementParser.parse(template));
    } catch (StackOverflowError e) {
      throw new TemplateException("the template nests too deeply");
    }
  }

  /** A function with one string argument that a template may call. */
  @FunctionalInterface
  public interface TextFunction {
    String call(String argument);
  }

  /**
   * Renders the template.
   *
   * @param variables null, strings, {@link OriginText}, numbers, truth values, lists and maps of
   *     these, {@link TextFunction}s
   * @throws TemplateException if the template raises an exception, or does what it must not
   */
  public OriginText render(Map<String, ?> variables) {
    Budget budget = Budget.of(variables);
    Scope scope = new Scope(null);
    functions(scope);
    variables.forEach(
        (name, value) ->
            scope.set(
                name,
                value instanceof TextFunction function
                    ? (Values.Function) arguments -> called(function, arguments)
                    : Values.of(value)));
    Rendering rendering = new Rendering(budget);
    try {
      rendering.run(statements, scope);
    } catch (TemplateException e) {
      throw e;
    } catch (ArithmeticException e) {
      throw TemplateException.at(budget.line(), "a whole number beyond 64 bits", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw TemplateException.at(budget.line(), "the template fails: " + e, e);
    }
    return rendering.out.build();
  }

  private static OriginText called(TextFunction function, CallArguments arguments) {
    OriginText argument = arguments.text(0, "argument");
    arguments.budget().mappedCharacters(argument.length());
    try {
      return OriginText.template(function.call(argument.toString()));
    } catch (TemplateException e) {
      throw TemplateException.at(arguments.line(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void functions(Scope scope) {
    scope.set("raise_exception", (Values.Function) JinjaTemplate::raise);
    scope.set("range", (Values.Function) JinjaTemplate::range);
    scope.set(
        "namespace",
        (Values.Function)
            arguments -> {
              Values.Namespace namespace = new Values.Namespace();
              namespace.values.putAll(arguments.named());
              return namespace;
            });
    scope.set(
        "dict",
        (Values.Function)
            arguments -> {
              Map<Object, Object> map = new LinkedHashMap<>();
              arguments.named().forEach((name, value) -> map.put(OriginText.template(name), value));
              return map;
            });
  }

  private static Object raise(CallArguments arguments) {
    throw TemplateException.at(
        arguments.line(),
        "the template refuses the messages: "
            + Values.text(arguments.required(0, "message"), arguments.budget()));
  }

  private static Object range(CallArguments arguments) {
    long first = arguments.size() > 1 ? arguments.whole(0, "start", 0) : 0;
    long end = arguments.whole(arguments.size() > 1 ? 1 : 0, "stop", 0);
    long step = arguments.whole(2, "step", 1);
    long count = step == 0 ? Long.MAX_VALUE : count(first, end, step);
    if (count > RANGE_MAX) {
      throw TemplateException.at(arguments.line(), "a range of step 0 or too many numbers");
    }
    arguments.budget().items(count);
    List<Object> numbers = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      numbers.add(first + i * step);
    }
    return numbers;
  }

  private static long count(long first, long end, long step) {
    if (step > 0 ? first >= end : first <= end) {
      return 0;
    }
    BigInteger distance = BigInteger.valueOf(end).subtract(BigInteger.valueOf(first)).abs();
    BigInteger size = BigInteger.valueOf(step).abs();
    return distance
        .add(size)
        .subtract(BigInteger.ONE)
        .divide(size)
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValue();
  }

  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  /** The output of one rendering. */
  private static final class Rendering {

    private final Budget budget;
    private final Evaluator evaluator;
    private OriginText.Builder out = new OriginText.Builder();
    private int captures;
    private int calls;

    Rendering(Budget budget) {
      this.budget = budget;
      this.evaluator = new Evaluator(budget);
    }

    Flow run(List<Statement> statements, Scope scope) {
      for (Statement statement : statements) {
        Flow flow = run(statement, scope);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope) {
      budget.enter();
      Flow flow = executed(statement, scope);
      budget.leave();
      return flow;
    }

    private void write(OriginText text) {
      if (captures > 0) {
        budget.characters(text.length());
      } else {
        budget.output(text.length());
      }
      out.append(text);
    }

    private Flow executed(Statement statement, Scope scope) {
      switch (statement) {
        case Statement.Text(OriginText text) -> write(text);
        case Statement.Print(Expression expression) ->
            write(Values.text(evaluator.value(expression, scope), budget));
        case Statement.If(List<Statement.Branch> branches, List<Statement> otherwise) -> {
          for (Statement.Branch branch : branches) {
            if (Values.isTrue(evaluator.value(branch.condition(), scope))) {
              return run(branch.body(), scope);
            }
          }
          return run(otherwise, scope);
        }
        case Statement.For loop -> {
          return run(loop, scope);
        }
        case Statement.Assign(List<String> targets, Expression value, int line) ->
            bind(targets, evaluator.value(value, scope), scope, line);
        case Statement.AssignAttribute(
                String name,
                String attribute,
                Expression value,
                int line) -> {
          if (!(scope.get(name) instanceof Values.Namespace namespace)) {
            throw TemplateException.at(line, "'%s' (expected: a namespace)".formatted(name));
          }
          namespace.values.put(attribute, evaluator.value(value, scope));
        }
        case Statement.AssignBlock(String target, List<Statement> body) ->
            scope.set(target, captured(body, new Scope(scope)));
        case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
        case Statement.With(List<String> names, List<Expression> values, List<Statement> body) -> {
          Scope inner = new Scope(scope);
          for (int i = 0; i < names.size(); i++) {
            inner.set(names.get(i), evaluator.value(values.get(i), scope));
          }
          return run(body, inner);
        }
        case Statement.Body(List<Statement> body) -> {
          return run(body, scope);
        }
        case Statement.Break tag -> {
          return Flow.BREAK;
        }
        case Statement.Continue tag -> {
          return Flow.CONTINUE;
        }
      }
      return Flow.NEXT;
    }

    private Flow run(Statement.For loop, Scope scope) {
      List<Object> items = new ArrayList<>();
      for (Object item : Values.items(evaluator.value(loop.over(), scope), loop.line(), budget)) {
        budget.turn();
        Scope inner = new Scope(scope);
        bind(loop.targets(), item, inner, loop.line());
        if (loop.condition() == null || Values.isTrue(evaluator.value(loop.condition(), inner))) {
          items.add(item);
        }
      }
      if (items.isEmpty()) {
        return run(loop.otherwise(), new Scope(scope));
      }
      for (int index = 0; index < items.size(); index++) {
        budget.turn();
        Scope inner = new Scope(scope);
        inner.set("loop", loopVariable(items, index));
        bind(loop.targets(), items.get(index), inner, loop.line());
        if (run(loop.body(), inner) == Flow.BREAK) {
          break;
        }
      }
      return Flow.NEXT;
    }

    private static Map<Object, Object> loopVariable(List<Object> items, int index) {
      long size = items.size();
      Map<Object, Object> loop = new LinkedHashMap<>();
      put(loop, "index", index + 1L);
      put(loop, "index0", (long) index);
      put(loop, "revindex", size - index);
      put(loop, "revindex0", size - index - 1);
      put(loop, "first", index == 0);
      put(loop, "last", index == size - 1);
      put(loop, "length", size);
      if (index > 0) {
        put(loop, "previtem", items.get(index - 1));
      }
      if (index < size - 1) {
        put(loop, "nextitem", items.get(index + 1));
      }
      put(
          loop,
          "cycle",
          (Values.Function)
              arguments -> {
                if (arguments.size() == 0) {
                  throw TemplateException.at(
                      arguments.line(), "cycle of no values (expected: at least one)");
                }
                return arguments.positional().get(index % arguments.size());
              });
      return loop;
    }

    private static void put(Map<Object, Object> loop, String name, Object value) {
      loop.put(OriginText.template(name), value);
    }

    private void bind(List<String> targets, Object value, Scope scope, int line) {
      if (targets.size() == 1) {
        scope.set(targets.getFirst(), value);
        return;
      }
      List<Object> items = Values.items(value, line, budget);
      if (items.size() != targets.size()) {
        throw TemplateException.at(
            line, "%d values for the names %s".formatted(items.size(), targets));
      }
      for (int i = 0; i < targets.size(); i++) {
        scope.set(targets.get(i), items.get(i));
      }
    }

    private OriginText captured(List<Statement> body, Scope scope) {
      OriginText.Builder outside = out;
      out = new OriginText.Builder();
      captures++;
      run(body, scope);
      OriginText captured = out.build();
      captures--;
      out = outside;
      return captured;
    }

    private Values.Function function(Statement.Macro macro, Scope scope) {
      return arguments -> {
        budget.turn();
        if (++calls > CALLS_MAX) {
          throw TemplateException.at(
              arguments.line(), "macro '%s' calls itself too often".formatted(macro.name()));
        }
        Scope inner = new Scope(scope);
        for (int i = 0; i < macro.parameters().size(); i++) {
          String name = macro.parameters().get(i);
          Object given = arguments.get(i, name, CallArguments.ABSENT);
          Expression byDefault = macro.defaults().get(name);
          if (given != CallArguments.ABSENT) {
            inner.set(name, given);
          } else {
            inner.set(
                name,
                byDefault == null ? new Values.Undefined(name) : evaluator.value(byDefault, inner));
          }
        }
        OriginText text = captured(macro.body(), inner);
        calls--;
        return text;
      };
    }
  }
}
