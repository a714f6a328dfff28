package io.urteil.jinja;

import io.urteil.text.OriginText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement of a template, which writes text or changes variables. */
sealed interface Statement {

  record Text(OriginText text) implements Statement {}

  record Print(Expression expression) implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  record For(
      List<String> targets,
      Expression over,
      @Nullable Expression condition,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Assign(List<String> targets, Expression value, int line) implements Statement {}

  /** {@code {% set namespace.attribute = value %}}. */
  record AssignAttribute(String namespace, String attribute, Expression value, int line)
      implements Statement {}

  /**
   * {@code {% set name | filter %}…{% endset %}}.
   *
   * @param attribute of the namespace {@code target}; null for a variable
   */
  record AssignBlock(
      String target,
      @Nullable String attribute,
      List<Expression.Filter> filters,
      List<Statement> body,
      int line)
      implements Statement {}

  /** {@code {% filter name %}…{% endfilter %}}. */
  record FilterBlock(List<Expression.Filter> filters, List<Statement> body) implements Statement {}

  /**
   * Parameters in order, and their defaults, if any.
   *
   * @param names all names that the body reads
   */
  record Macro(
      String name,
      List<String> parameters,
      Map<String, Expression> defaults,
      Set<String> names,
      List<Statement> body)
      implements Statement {}

  record With(List<String> names, List<Expression> values, List<Statement> body)
      implements Statement {}

  /** A block with variables of its own, such as {@code {% generation %}}. */
  record Body(List<Statement> body) implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}
}
