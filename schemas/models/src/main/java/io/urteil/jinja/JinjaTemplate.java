package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template, parsed once and rendered any number of times. Thread-safe.
 *
 * <p>The language is Jinja2 as transformers sets it, without inheritance, includes, recursive loops
 * and {@code call} blocks; what is not supported is rejected, never rendered otherwise. White space
 * is handled by {@code trim_blocks} and {@code lstrip_blocks}. Parsing and rendering take bounded
 * time and memory ({@link Budget}), whatever the template.
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
    arguments.check("the function", List.of("format"));
    OriginText argument = arguments.text(0, "format");
    arguments.budget().mappedCharacters(argument.length());
    try {
      String result = function.call(argument.toString());
      return OriginText.of(result, argument.leastTrusted());
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
              for (Values.Dict.Entry entry : dict(arguments).entries()) {
                if (!(entry.key() instanceof OriginText name) || name.toString().startsWith("_")) {
                  throw TemplateException.at(
                      arguments.line(),
                      "attribute %s of a namespace (expected: a name without '_' before it)"
                          .formatted(Values.name(entry.key())));
                }
                namespace.values.put(name.toString(), entry.value());
              }
              return namespace;
            });
    scope.set("dict", (Values.Function) JinjaTemplate::dict);
    scope.set("joiner", (Values.Function) JinjaTemplate::joiner);
    for (String name : List.of("cycler", "lipsum")) {
      scope.set(
          name,
          (Values.Function)
              arguments -> {
                throw TemplateException.at(
                    arguments.line(), "'%s' (expected: a supported function)".formatted(name));
              });
    }
  }

  private static Values.Dict dict(CallArguments arguments) {
    Values.Dict map = new Values.Dict();
    if (arguments.size() > 1) {
      throw TemplateException.at(arguments.line(), "dict of more than one value");
    }
    if (arguments.size() == 1 && arguments.positional().getFirst() instanceof Values.Dict other) {
      arguments.budget().items(other.size());
      map.putAll(other);
    } else if (arguments.size() == 1) {
      if (arguments.positional().getFirst() instanceof Values.Undefined) {
        throw TemplateException.at(arguments.line(), "dict of an undefined value");
      }
      for (Object item :
          Values.items(arguments.positional().getFirst(), arguments.line(), arguments.budget())) {
        List<Object> pair = Values.items(item, arguments.line(), arguments.budget());
        if (pair.size() != 2) {
          throw TemplateException.at(
              arguments.line(), "dict of %d values (expected: pairs)".formatted(pair.size()));
        }
        map.put(pair.getFirst(), pair.getLast(), arguments.line());
      }
    }
    arguments
        .named()
        .forEach((name, value) -> map.put(OriginText.template(name), value, arguments.line()));
    return map;
  }

  private static Object joiner(CallArguments arguments) {
    arguments.check("joiner", List.of("sep?"));
    Object separator = arguments.get(0, "sep", OriginText.template(", "));
    boolean[] used = {false};
    return (Values.Function)
        call -> {
          call.check("joiner", List.of());
          Object text = used[0] ? separator : OriginText.EMPTY;
          used[0] = true;
          return text;
        };
  }

  private static Object raise(CallArguments arguments) {
    arguments.check("raise_exception", List.of("message"));
    throw TemplateException.at(
        arguments.line(),
        "the template refuses the messages: "
            + Values.text(arguments.required(0, "message"), arguments.budget()));
  }

  private static Object range(CallArguments arguments) {
    arguments.check(
        "range", arguments.size() > 1 ? List.of("start/", "stop/", "step/?") : List.of("stop/"));
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
    return new Values.Range(first, end, step, numbers);
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
        case Statement.AssignBlock block -> assign(block, scope);
        case Statement.FilterBlock(List<Expression.Filter> filters, List<Statement> body) -> {
          Scope inner = new Scope(scope);
          write(Values.text(filtered(filters, captured(body, inner), inner), budget));
        }
        case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
        case Statement.With(List<String> names, List<Expression> values, List<Statement> body) -> {
          Scope inner = new Scope(scope);
          for (int i = 0; i < names.size(); i++) {
            inner.set(names.get(i), evaluator.value(values.get(i), scope));
          }
          return run(body, inner);
        }
        case Statement.Body(List<Statement> body) -> {
          write(captured(body, new Scope(scope)));
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

    private void assign(Statement.AssignBlock block, Scope scope) {
      Scope inner = new Scope(scope);
      Object value = filtered(block.filters(), captured(block.body(), inner), inner);
      String attribute = block.attribute();
      if (attribute == null) {
        scope.set(block.target(), value);
      } else if (scope.get(block.target()) instanceof Values.Namespace namespace) {
        namespace.values.put(attribute, value);
      } else {
        throw TemplateException.at(
            block.line(), "'%s' (expected: a namespace)".formatted(block.target()));
      }
    }

    private Object filtered(List<Expression.Filter> filters, Object value, Scope scope) {
      Object result = value;
      for (Expression.Filter filter : filters) {
        result =
            Filters.apply(
                filter.name(),
                result,
                evaluator.arguments(filter.arguments(), scope, filter.line()));
      }
      return result;
    }

    private Flow run(Statement.For loop, Scope scope) {
      Object over = evaluator.value(loop.over(), scope);
      Iterator<Object> all = Values.iterator(over, loop.line(), budget);
      Expression condition = loop.condition();
      boolean sized = condition == null && !(over instanceof Values.Stream);
      LoopContext context =
          new LoopContext(
              condition == null ? all : chosen(all, condition, loop, scope),
              sized ? Values.size(over, loop.line()) : null,
              budget);
      boolean completesTurn = false;
      for (Object item = context.advance(); item != null; item = context.advance()) {
        budget.turn();
        Scope inner = new Scope(scope);
        inner.set("loop", context);
        bind(loop.targets(), item, inner, loop.line());
        Flow flow = run(loop.body(), inner);
        completesTurn |= flow == Flow.NEXT;
        if (flow == Flow.BREAK) {
          break;
        }
      }
      // As in Jinja2, a loop that only left its turns early counts as one without items.
      return completesTurn ? Flow.NEXT : run(loop.otherwise(), new Scope(scope));
    }

    /** The items that meet the condition of a loop, each tried when the loop needs it. */
    private Iterator<Object> chosen(
        Iterator<Object> all, Expression condition, Statement.For loop, Scope scope) {
      return new Values.Filtered() {
        @Override
        @Nullable Object find() {
          while (all.hasNext()) {
            Object item = all.next();
            budget.turn();
            Scope inner = new Scope(scope);
            bind(loop.targets(), item, inner, loop.line());
            if (Values.isTrue(evaluator.value(condition, inner))) {
              return loop.targets().size() == 1
                  ? item
                  : Values.Tuple.of(loop.targets().stream().map(inner::get).toList());
            }
          }
          return null;
        }
      };
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
      return new Values.Macro(macro.name(), arguments -> called(macro, scope, arguments));
    }

    private OriginText called(Statement.Macro macro, Scope scope, CallArguments arguments) {
      budget.turn();
      if (++calls > CALLS_MAX) {
        throw TemplateException.at(
            arguments.line(), "macro '%s' calls itself too often".formatted(macro.name()));
      }
      Scope inner = new Scope(scope);
      int parameters = macro.parameters().size();
      Map<String, Object> more = new LinkedHashMap<>(arguments.named());
      for (int i = 0; i < parameters; i++) {
        String name = macro.parameters().get(i);
        Expression byDefault = macro.defaults().get(name);
        Object given = i < arguments.size() ? arguments.positional().get(i) : more.remove(name);
        if (given != null) {
          inner.set(name, given);
        } else {
          inner.set(
              name,
              byDefault == null ? new Values.Undefined(name) : evaluator.value(byDefault, inner));
        }
      }
      addMore(macro, arguments, more, inner);
      OriginText text = captured(macro.body(), inner);
      calls--;
      return text;
    }

    /** The variables that hold the arguments beyond the parameters, if the macro reads them. */
    private void addMore(
        Statement.Macro macro, CallArguments arguments, Map<String, Object> more, Scope inner) {
      int parameters = macro.parameters().size();
      if (reads(macro, "caller")) {
        Object caller = more.remove("caller");
        inner.set("caller", caller == null ? new Values.Undefined("caller") : caller);
      }
      if (reads(macro, "kwargs")) {
        Values.Dict named = new Values.Dict();
        more.forEach(
            (name, value) -> named.put(OriginText.template(name), value, arguments.line()));
        inner.set("kwargs", named);
      } else if (!more.isEmpty()) {
        throw TemplateException.at(
            arguments.line(),
            "macro '%s' does not take the keyword argument '%s' (expected: %s)"
                .formatted(macro.name(), more.keySet().iterator().next(), macro.parameters()));
      }
      List<Object> rest =
          arguments.size() > parameters
              ? arguments.positional().subList(parameters, arguments.size())
              : List.of();
      if (reads(macro, "varargs")) {
        inner.set("varargs", Values.Tuple.of(List.copyOf(rest)));
      } else if (!rest.isEmpty()) {
        throw TemplateException.at(
            arguments.line(),
            "macro '%s' does not take %d arguments (expected: %s)"
                .formatted(macro.name(), arguments.size(), macro.parameters()));
      }
    }

    private static boolean reads(Statement.Macro macro, String name) {
      return macro.names().contains(name) && !macro.parameters().contains(name);
    }
  }
}
