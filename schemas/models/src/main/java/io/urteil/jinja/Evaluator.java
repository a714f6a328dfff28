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
      case Expression.Sequence(List<Expression> items, int line) -> values(items, scope);
      case Expression.Mapping(List<Expression> keys, List<Expression> values, int line) -> {
        budget.items(keys.size());
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
          map.put(Values.key(value(keys.get(i), scope), line), value(values.get(i), scope));
        }
        yield map;
      }
      case Expression.Attribute(Expression of, String name, int line) ->
          Values.item(value(of, scope), OriginText.template(name), line, budget);
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
              step(step, scope),
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
      case Expression.Negative(Expression of, int line) -> negative(value(of, scope), line);
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
          arithmetic(operator, value(left, scope), value(right, scope), line);
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

  private long step(@Nullable Expression expression, Scope scope) {
    return expression != null && value(expression, scope) instanceof Long step ? step : 1;
  }

  private CallArguments arguments(Arguments arguments, Scope scope, int line) {
    budget.items(arguments.named().size());
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
    return new CallArguments(values(arguments.positional(), scope), named, line, budget);
  }

  private Object call(Expression.Call call, Scope scope) {
    CallArguments arguments = arguments(call.arguments(), scope, call.line());
    Object callee;
    if (call.callee() instanceof Expression.Attribute(Expression of, String name, int line)) {
      Object receiver = value(of, scope);
      Object result = Methods.call(receiver, name, arguments);
      if (result != null) {
        return result;
      }
      callee = Values.item(receiver, OriginText.template(name), line, budget);
    } else {
      callee = value(call.callee(), scope);
    }
    if (callee instanceof Values.Function function) {
      return function.call(arguments);
    }
    throw TemplateException.at(call.line(), "%s cannot be called".formatted(Values.kind(callee)));
  }

  private Object negative(Object value, int line) {
    return switch (value) {
      case Long number -> Math.negateExact(number);
      case Double number -> -number;
      default -> throw TemplateException.at(line, "minus " + Values.kind(value));
    };
  }

  private Object arithmetic(String operator, Object left, Object right, int line) {
    if (operator.equals("~")) {
      return joined(Values.text(left, budget), Values.text(right, budget));
    }
    if (operator.equals("+") && left instanceof OriginText a && right instanceof OriginText b) {
      return joined(a, b);
    }
    if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
      budget.references((long) a.size() + b.size());
      List<Object> all = new ArrayList<>(a);
      all.addAll(b);
      return all;
    }
    if (operator.equals("*") && left instanceof OriginText text && right instanceof Long times) {
      long count = text.length() == 0 ? 0 : Math.clamp(times, 0, Integer.MAX_VALUE);
      budget.characters(count * text.length());
      return OriginText.join(Collections.nCopies((int) count, text));
    }
    Object a = left instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : left;
    Object b = right instanceof Boolean truth ? Long.valueOf(truth ? 1 : 0) : right;
    if (!Values.isNumber(a) || !Values.isNumber(b)) {
      throw TemplateException.at(
          line, "%s %s %s".formatted(Values.kind(left), operator, Values.kind(right)));
    }
    return a instanceof Long x && b instanceof Long y && !operator.equals("/")
        ? whole(operator, x, y, line)
        : decimal(operator, Values.number(a), Values.number(b), line);
  }

  private OriginText joined(OriginText left, OriginText right) {
    budget.characters((long) left.length() + right.length());
    return left.plus(right);
  }

  private static Object whole(String operator, long a, long b, int line) {
    if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.at(line, "a division by zero");
    }
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDivExact(a, b);
      case "%" -> Math.floorMod(a, b);
      default -> b >= 0 ? (Object) power(a, b) : (Object) Math.pow(a, b);
    };
  }

  /** A power of whole numbers that fits 64 bits. */
  private static long power(long base, long exponent) {
    if (base == 0 || base == 1 || base == -1) {
      return exponent == 0 ? 1 : base == -1 && exponent % 2 == 0 ? 1 : base;
    }
    return Math.powExact(base, Math.toIntExact(exponent));
  }

  private static Object decimal(String operator, double a, double b, int line) {
    if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.at(line, "a division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> Math.floor(a / b);
      case "%" -> a - b * Math.floor(a / b);
      default -> Math.pow(a, b);
    };
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
