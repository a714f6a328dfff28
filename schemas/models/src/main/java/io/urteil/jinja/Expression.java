package io.urteil.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of a template. */
sealed interface Expression {

  /** The line that messages name. */
  int line();

  record Literal(Object value, int line) implements Expression {}

  record Name(String name, int line) implements Expression {}

  record Sequence(List<Expression> items, boolean isTuple, int line) implements Expression {}

  record Mapping(List<Expression> keys, List<Expression> values, int line) implements Expression {}

  record Attribute(Expression of, String name, int line) implements Expression {}

  record Item(Expression of, Expression key, int line) implements Expression {}

  record Slice(
      Expression of,
      @Nullable Expression from,
      @Nullable Expression to,
      @Nullable Expression step,
      int line)
      implements Expression {}

  record Call(Expression callee, Arguments arguments, int line) implements Expression {}

  record Filter(Expression of, String name, Arguments arguments, int line) implements Expression {}

  record Test(Expression of, String name, Arguments arguments, boolean negated, int line)
      implements Expression {}

  record Negative(Expression of, int line) implements Expression {}

  record Positive(Expression of, int line) implements Expression {}

  record Not(Expression of, int line) implements Expression {}

  record And(Expression left, Expression right, int line) implements Expression {}

  record Or(Expression left, Expression right, int line) implements Expression {}

  record Arithmetic(String operator, Expression left, Expression right, int line)
      implements Expression {}

  /** {@code first op1 second op2 third …}: true if each neighbouring pair is. */
  record Comparison(Expression first, List<String> operators, List<Expression> others, int line)
      implements Expression {}

  record Conditional(
      Expression condition, Expression then, @Nullable Expression otherwise, int line)
      implements Expression {}

  /**
   * The arguments of a call.
   *
   * @param more {@code *more}: further arguments
   * @param moreNamed {@code **moreNamed}: further keyword arguments
   */
  record Arguments(
      List<Expression> positional,
      Map<String, Expression> named,
      @Nullable Expression more,
      @Nullable Expression moreNamed) {
    static final Arguments NONE = new Arguments(List.of(), Map.of(), null, null);
  }
}
