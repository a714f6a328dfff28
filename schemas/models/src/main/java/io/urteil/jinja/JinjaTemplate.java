package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A template, parsed once and rendered any number of times. Thread-safe.
 *
 * <p>The language is Jinja2 without inheritance, includes, {@code call} and {@code filter} blocks;
 * white space is handled by {@code trim_blocks} and {@code lstrip_blocks}.
 */
public final class JinjaTemplate {

  private static final long RANGE_MAX = 100_000;
  private static final int DEPTH_MAX = 100;

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
    return new JinjaTemplate(StatementParser.parse(template));
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
    Scope scope = new Scope(null);
    functions(scope);
    variables.forEach(
        (name, value) ->
            scope.set(
                name,
                value instanceof TextFunction function
                    ? (Values.Function)
                        arguments ->
                            OriginText.template(
                                function.call(arguments.text(0, "argument").toString()))
                    : Values.of(value)));
    Rendering rendering = new Rendering();
    try {
      rendering.run(statements, scope);
    } catch (StackOverflowError e) {
      throw new TemplateException("the template nests too deeply");
    }
    return rendering.out.build();
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
    throw new TemplateException(
        "the template refuses the messages: " + Values.text(arguments.required(0, "message")));
  }

  private static Object range(CallArguments arguments) {
    long first = arguments.size() > 1 ? arguments.whole(0, "start", 0) : 0;
    long end = arguments.whole(arguments.size() > 1 ? 1 : 0, "stop", 0);
    long step = arguments.whole(2, "step", 1);
    if (step == 0 || Math.abs(end - first) / Math.abs(step) > RANGE_MAX) {
      throw TemplateException.at(arguments.line(), "a range of step 0 or too many numbers");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = first; step > 0 ? i < end : i > end; i += step) {
      numbers.add(i);
    }
    return numbers;
  }

  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  /** The output of one rendering. */
  private static final class Rendering {

    private OriginText.Builder out = new OriginText.Builder();
    private int depth;

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
      switch (statement) {
        case Statement.Text(OriginText text) -> out.append(text);
        case Statement.Print(Expression expression) ->
            out.append(Values.text(Evaluator.value(expression, scope)));
        case Statement.If(List<Statement.Branch> branches, List<Statement> otherwise) -> {
          for (Statement.Branch branch : branches) {
            if (Values.isTrue(Evaluator.value(branch.condition(), scope))) {
              return run(branch.body(), scope);
            }
          }
          return run(otherwise, scope);
        }
        case Statement.For loop -> {
          return run(loop, scope);
        }
        case Statement.Assign(List<String> targets, Expression value, int line) ->
            bind(targets, Evaluator.value(value, scope), scope, line);
        case Statement.AssignAttribute(
                String name,
                String attribute,
                Expression value,
                int line) -> {
          if (!(scope.get(name) instanceof Values.Namespace namespace)) {
            throw TemplateException.at(line, "'%s' (expected: a namespace)".formatted(name));
          }
          namespace.values.put(attribute, Evaluator.value(value, scope));
        }
        case Statement.AssignBlock(String target, List<Statement> body) ->
            scope.set(target, captured(body, new Scope(scope)));
        case Statement.Macro macro -> scope.set(macro.name(), function(macro, scope));
        case Statement.With(List<String> names, List<Expression> values, List<Statement> body) -> {
          Scope inner = new Scope(scope);
          for (int i = 0; i < names.size(); i++) {
            inner.set(names.get(i), Evaluator.value(values.get(i), scope));
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
      for (Object item : Values.items(Evaluator.value(loop.over(), scope), loop.line())) {
        Scope inner = new Scope(scope);
        bind(loop.targets(), item, inner, loop.line());
        if (loop.condition() == null || Values.isTrue(Evaluator.value(loop.condition(), inner))) {
          items.add(item);
        }
      }
      if (items.isEmpty()) {
        return run(loop.otherwise(), new Scope(scope));
      }
      for (int index = 0; index < items.size(); index++) {
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
              arguments -> arguments.positional().get(index % Math.max(1, arguments.size())));
      return loop;
    }

    private static void put(Map<Object, Object> loop, String name, Object value) {
      loop.put(OriginText.template(name), value);
    }

    private static void bind(List<String> targets, Object value, Scope scope, int line) {
      if (targets.size() == 1) {
        scope.set(targets.getFirst(), value);
        return;
      }
      List<Object> items = Values.items(value, line);
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
      try {
        run(body, scope);
        return out.build();
      } finally {
        out = outside;
      }
    }

    private Values.Function function(Statement.Macro macro, Scope scope) {
      return arguments -> {
        if (++depth > DEPTH_MAX) {
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
                byDefault == null ? new Values.Undefined(name) : Evaluator.value(byDefault, inner));
          }
        }
        OriginText text = captured(macro.body(), inner);
        depth--;
        return text;
      };
    }
  }
}
