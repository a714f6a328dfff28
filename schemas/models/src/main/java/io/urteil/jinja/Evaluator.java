package io.urteil.jinja;

import io.urteil.jinja.Expression.Arguments;
import io.urteil.jinja.Values.Undefined;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the expressions of one rendering in a scope, with Python's semantics. Whole numbers
 * have 64 bits; an operation that exceeds them throws {@link ArithmeticException}, which {@link
 * JinjaTemplate} reports with the line.
 */
final class Evaluator {

  private final Budget budget;

  Evaluator(Budget budget) {
    this.budget = budget;
  }

  Object value(Expression expression, Scope scope) {
    budget.enter(expression.line());
    Object value = evaluated(expression, scope);
    budget.leave();
    return value;
  }

  private Object evaluated(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Literal(Object value, int line) -> value;
      case Expression.Name(String name, int line) -> scope.get(name);
      case Expression.Sequence(List<Expression> items, boolean isTuple, int line) ->
          isTuple ? Values.Tuple.of(values(items, scope)) : values(items, scope);
      case Expression.Mapping(List<Expression> keys, List<Expression> values, int line) -> {
        budget.items(keys.size());
        Values.Dict map = new Values.Dict();
        for (int i = 0; i < keys.size(); i++) {
          Object key = value(keys.get(i), scope);
          map.put(key, value(values.get(i), scope), line);
        }
        yield map;
      }
      case Expression.Attribute(Expression of, String name, int line) ->
          Values.attribute(value(of, scope), OriginText.template(name), line, budget);
      case Expression.Item(Expression of, Expression key, int line) ->
          Values.item(value(of, scope), value(key, scope), line, budget);
      case Expression.Slice(
              Expression of,
              Expression from,
              Expression to,
              Expression step,
              int line) ->
          Values.slice(
              value(of, scope),
              bound(from, scope),
              bound(to, scope),
              bound(step, scope),
              line,
              budget);
      case Expression.Call call -> call(call, scope);
      case Expression.Filter(Expression of, String name, Arguments arguments, int line) ->
          Filters.apply(name, value(of, scope), arguments(arguments, scope, line));
      case Expression.Test(
              Expression of,
              String name,
              Arguments arguments,
              boolean negated,
              int line) ->
          negated != Tests.holds(name, value(of, scope), arguments(arguments, scope, line));
      case Expression.Negative(Expression of, int line) -> signed(-1L, value(of, scope), line);
      case Expression.Positive(Expression of, int line) -> signed(1L, value(of, scope), line);
      case Expression.Not(Expression of, int line) -> !Values.isTrue(value(of, scope));
      case Expression.And(Expression left, Expression right, int line) -> {
        Object first = value(left, scope);
        yield Values.isTrue(first) ? value(right, scope) : first;
      }
      case Expression.Or(Expression left, Expression right, int line) -> {
        Object first = value(left, scope);
        yield Values.isTrue(first) ? first : value(right, scope);
      }
      case Expression.Arithmetic(String operator, Expression left, Expression right, int line) ->
          arithmetic(operator, value(left, scope), value(right, scope), line, budget);
      case Expression.Comparison comparison -> holds(comparison, scope);
      case Expression.Conditional(
              Expression condition,
              Expression then,
              Expression otherwise,
              int line) ->
          Values.isTrue(value(condition, scope))
              ? value(then, scope)
              : otherwise == null
                  ? new Undefined("the else of a conditional expression")
                  : value(otherwise, scope);
    };
  }

  private List<Object> values(List<Expression> expressions, Scope scope) {
    budget.items(expressions.size());
    List<Object> values = new ArrayList<>();
    expressions.forEach(expression -> values.add(value(expression, scope)));
    return values;
  }

  private @Nullable Object bound(@Nullable Expression expression, Scope scope) {
    return expression == null ? null : value(expression, scope);
  }

  CallArguments arguments(Arguments arguments, Scope scope, int line) {
    budget.items(arguments.named().size());
    List<Object> positional = values(arguments.positional(), scope);
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
    if (arguments.more() != null) {
      positional.addAll(Values.items(value(arguments.more(), scope), line, budget));
    }
    if (arguments.moreNamed() != null) {
      addNamed(value(arguments.moreNamed(), scope), named, line);
    }
    return new CallArguments(positional, named, line, budget);
  }

  private void addNamed(Object value, Map<String, Object> named, int line) {
    if (!(value instanceof Values.Dict map)) {
      throw TemplateException.at(
          line, "%s behind ** (expected: a mapping)".formatted(Values.kind(value)));
    }
    budget.items(map.size());
    for (Values.Dict.Entry entry : map.entries()) {
      if (!(entry.key() instanceof OriginText name)
          || named.putIfAbsent(name.toString(), entry.value()) != null) {
        throw TemplateException.at(
            line,
            "the keyword argument %s (expected: a string, once)"
                .formatted(Values.name(entry.key())));
      }
    }
  }

  private Object call(Expression.Call call, Scope scope) {
    Object callee = value(call.callee(), scope);
    CallArguments arguments = arguments(call.arguments(), scope, call.line());
    if (callee instanceof Values.Function function) {
      return function.call(arguments);
    }
    throw TemplateException.at(call.line(), "%s cannot be called".formatted(Values.kind(callee)));
  }

  private static Object signed(long sign, Object value, int line) {
    return switch (value) {
      case Long number -> Math.multiplyExact(sign, number);
      case Double number -> sign * number;
      case Boolean truth -> truth ? sign : 0L;
      default ->
          throw TemplateException.at(line, (sign < 0 ? "minus " : "plus ") + Values.kind(value));
    };
  }

  /** The value of {@code left operator right}. */
  static Object arithmetic(String operator, Object left, Object right, int line, Budget budget) {
    Object result =
        switch (operator) {
          case "~" -> joined(Values.text(left, budget), Values.text(right, budget), budget);
          case "+" -> sum(left, right, budget);
          case "*" -> {
            Object product = repeated(left, right, budget);
            yield product == null ? repeated(right, left, budget) : product;
          }
          case "%" ->
              left instanceof OriginText format
                  ? TextFormats.percent(format, right, line, budget)
                  : null;
          default -> null;
        };
    if (result != null) {
      return result;
    }
    if (number(left) instanceof Number a && number(right) instanceof Number b) {
      if (operator.equals("constant **")) {
        return constantPower(a, b, line);
      }
      return Numbers.arithmetic(operator, a, b, line);
    }
    throw TemplateException.at(
        line, "%s %s %s".formatted(Values.kind(left), operator, Values.kind(right)));
  }

  /** Jinja2 writes a negative constant without brackets, so that the sign binds weaker. */
  private static Object constantPower(Number a, Number b, int line) {
    if (a.doubleValue() < 0) {
      throw TemplateException.at(
          line, "a power of a negative constant (expected: a constant exponent)");
    }
    return Numbers.arithmetic("**", a, b, line);
  }

  private static @Nullable Object number(Object value) {
    return switch (value) {
      case Boolean truth -> Long.valueOf(truth ? 1 : 0);
      case Number number -> number;
      default -> null;
    };
  }

  private static @Nullable Object sum(Object left, Object right, Budget budget) {
    if (left instanceof OriginText a && right instanceof OriginText b) {
      return joined(a, b, budget);
    }
    if (isText(left) && isText(right)) {
      return new Values.Markup(
          joined(
              Filters.escaped(left, budget).text(), Filters.escaped(right, budget).text(), budget));
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return joined(a, b, budget);
    }
    return left instanceof Values.Tuple a && right instanceof Values.Tuple b
        ? Values.Tuple.of(joined(a.items(), b.items(), budget))
        : null;
  }

  private static boolean isText(Object value) {
    return value instanceof OriginText || value instanceof Values.Markup;
  }

  private static List<Object> joined(List<?> a, List<?> b, Budget budget) {
    budget.references((long) a.size() + b.size());
    List<Object> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private static @Nullable Object repeated(Object value, Object times, Budget budget) {
    if (!(number(times) instanceof Long given)) {
      return null;
    }
    long size =
        switch (value) {
          case OriginText text -> text.length();
          case List<?> list -> list.size();
          case Values.Tuple tuple -> tuple.items().size();
          default -> -1;
        };
    if (size < 0) {
      return null;
    }
    int count = size == 0 ? 0 : (int) Math.clamp(given, 0, Integer.MAX_VALUE);
    return switch (value) {
      case OriginText text -> {
        budget.characters(count * size);
        yield OriginText.join(Collections.nCopies(count, text));
      }
      case Values.Tuple tuple -> Values.Tuple.of(repeated(tuple.items(), count, budget));
      case List<?> list -> repeated(list, count, budget);
      default -> null;
    };
  }

  private static List<Object> repeated(List<?> items, int count, Budget budget) {
    budget.items((long) count * items.size());
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.addAll(items);
    }
    return all;
  }

  private static OriginText joined(OriginText left, OriginText right, Budget budget) {
    budget.characters((long) left.length() + right.length());
    return left.plus(right);
  }

  private boolean holds(Expression.Comparison comparison, Scope scope) {
    Object left = value(comparison.first(), scope);
    for (int i = 0; i < comparison.others().size(); i++) {
      Object right = value(comparison.others().get(i), scope);
      if (!holds(comparison.operators().get(i), left, right, comparison.line(), budget)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  static boolean holds(String operator, Object left, Object right, int line, Budget budget) {
    return switch (operator) {
      case "==" -> Values.areEqual(left, right, budget);
      case "!=" -> !Values.areEqual(left, right, budget);
      case "<" -> Values.compare(left, right, line, budget) < 0;
      case "<=" -> Values.compare(left, right, line, budget) <= 0;
      case ">" -> Values.compare(left, right, line, budget) > 0;
      case ">=" -> Values.compare(left, right, line, budget) >= 0;
      case "in" -> Values.contains(right, left, line, budget);
      default -> !Values.contains(right, left, line, budget);
    };
  }
}
