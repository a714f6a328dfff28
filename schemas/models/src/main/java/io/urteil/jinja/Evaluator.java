package io.urteil.jinja;

import io.urteil.jinja.Expression.Arguments;
import io.urteil.jinja.Values.Undefined;
import io.urteil.text.OriginText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions in a scope, with Python's semantics. */
final class Evaluator {

  private Evaluator() {}

  static Object value(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.Literal(Object value) -> value;
      case Expression.Name(String name, int line) -> scope.get(name);
      case Expression.Sequence(List<Expression> items) -> values(items, scope);
      case Expression.Mapping(List<Expression> keys, List<Expression> values) -> {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
          map.put(value(keys.get(i), scope), value(values.get(i), scope));
        }
        yield map;
      }
      case Expression.Attribute(Expression of, String name, int line) ->
          Values.item(value(of, scope), OriginText.template(name), line);
      case Expression.Item(Expression of, Expression key, int line) ->
          Values.item(value(of, scope), value(key, scope), line);
      case Expression.Slice(
              Expression of,
              Expression from,
              Expression to,
              Expression step,
              int line) ->
          Values.slice(
              value(of, scope), bound(from, scope), bound(to, scope), step(step, scope), line);
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
      case Expression.Not(Expression of) -> !Values.isTrue(value(of, scope));
      case Expression.And(Expression left, Expression right) -> {
        Object first = value(left, scope);
        yield Values.isTrue(first) ? value(right, scope) : first;
      }
      case Expression.Or(Expression left, Expression right) -> {
        Object first = value(left, scope);
        yield Values.isTrue(first) ? first : value(right, scope);
      }
      case Expression.Arithmetic(String operator, Expression left, Expression right, int line) ->
          arithmetic(operator, value(left, scope), value(right, scope), line);
      case Expression.Comparison comparison -> holds(comparison, scope);
      case Expression.Conditional(Expression condition, Expression then, Expression otherwise) ->
          Values.isTrue(value(condition, scope))
              ? value(then, scope)
              : otherwise == null
                  ? new Undefined("the else of a conditional expression")
                  : value(otherwise, scope);
    };
  }

  private static List<Object> values(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>();
    expressions.forEach(expression -> values.add(value(expression, scope)));
    return values;
  }

  private static @Nullable Object bound(@Nullable Expression expression, Scope scope) {
    return expression == null ? null : value(expression, scope);
  }

  private static long step(@Nullable Expression expression, Scope scope) {
    return expression != null && value(expression, scope) instanceof Long step ? step : 1;
  }

  private static CallArguments arguments(Arguments arguments, Scope scope, int line) {
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
    return new CallArguments(values(arguments.positional(), scope), named, line);
  }

  private static Object call(Expression.Call call, Scope scope) {
    CallArguments arguments = arguments(call.arguments(), scope, call.line());
    Object callee;
    if (call.callee() instanceof Expression.Attribute(Expression of, String name, int line)) {
      Object receiver = value(of, scope);
      Object result = Methods.call(receiver, name, arguments);
      if (result != null) {
        return result;
      }
      callee = Values.item(receiver, OriginText.template(name), line);
    } else {
      callee = value(call.callee(), scope);
    }
    if (callee instanceof Values.Function function) {
      return function.call(arguments);
    }
    throw TemplateException.at(call.line(), "%s cannot be called".formatted(Values.kind(callee)));
  }

  private static Object negative(Object value, int line) {
    return switch (value) {
      case Long number -> -number;
      case Double number -> -number;
      default -> throw TemplateException.at(line, "minus " + Values.kind(value));
    };
  }

  private static Object arithmetic(String operator, Object left, Object right, int line) {
    if (operator.equals("~")) {
      return Values.text(left).plus(Values.text(right));
    }
    if (operator.equals("+") && left instanceof OriginText a && right instanceof OriginText b) {
      return a.plus(b);
    }
    if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b) {
      List<Object> all = new ArrayList<>(a);
      all.addAll(b);
      return all;
    }
    if (operator.equals("*") && left instanceof OriginText text && right instanceof Long times) {
      return OriginText.join(
          java.util.Collections.nCopies((int) Math.clamp(times, 0, 10_000), text));
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

  private static Object whole(String operator, long a, long b, int line) {
    if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
      throw TemplateException.at(line, "a division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "//" -> Math.floorDiv(a, b);
      case "%" -> Math.floorMod(a, b);
      default -> b >= 0 ? (Object) (long) Math.pow(a, b) : (Object) Math.pow(a, b);
    };
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

  private static boolean holds(Expression.Comparison comparison, Scope scope) {
    Object left = value(comparison.first(), scope);
    for (int i = 0; i < comparison.others().size(); i++) {
      Object right = value(comparison.others().get(i), scope);
      if (!holds(comparison.operators().get(i), left, right, comparison.line())) {
        return false;
      }
      left = right;
    }
    return true;
  }

  static boolean holds(String operator, Object left, Object right, int line) {
    return switch (operator) {
      case "==" -> Values.areEqual(left, right);
      case "!=" -> !Values.areEqual(left, right);
      case "<" -> Values.compare(left, right, line) < 0;
      case "<=" -> Values.compare(left, right, line) <= 0;
      case ">" -> Values.compare(left, right, line) > 0;
      case ">=" -> Values.compare(left, right, line) >= 0;
      case "in" -> Values.contains(right, left, line);
      default -> !Values.contains(right, left, line);
    };
  }
}
