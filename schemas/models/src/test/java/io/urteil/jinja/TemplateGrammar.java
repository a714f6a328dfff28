package io.urteil.jinja;

import java.util.List;
import java.util.Random;

/** Generates templates from the grammar of the language: valid ones and nearly valid ones. */
public final class TemplateGrammar {

  private static final List<String> NAMES = List.of("messages", "m", "ns", "x", "loop", "nope");
  private static final List<String> ATTRIBUTES =
      List.of("role", "content", "x", "index0", "last", "length", "cycle", "nope");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "7",
          "100",
          "100000",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "1.5",
          "1e308",
          "1_0");
  private static final List<String> TEXTS =
      List.of(
          "''",
          "'a'",
          "'aaaaaaaaaa'",
          "\" \"",
          "'\\n'",
          "'\\x41'",
          "'\\U00110000'",
          "'\\ud800'",
          "'%Y %Q'",
          "'<|im_start|>'",
          "'\u00e4\ud83d\ude00'");
  private static final List<String> OPERATORS =
      List.of(
          "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and",
          "or");
  private static final List<String> METHODS =
      List.of(
          "strip",
          "split",
          "rsplit",
          "splitlines",
          "replace",
          "startswith",
          "join",
          "upper",
          "title",
          "find",
          "count",
          "index",
          "items",
          "keys",
          "get",
          "values",
          "removeprefix",
          "isupper",
          "cycle");
  private static final List<String> FUNCTIONS =
      List.of("range", "namespace", "dict", "raise_exception", "strftime_now", "f", "nope");

  private final Random random;

  public TemplateGrammar(Random random) {
    this.random = random;
  }

  /** A template of a few statements. */
  public String template() {
    String template = "{% set ns = namespace(x='a') %}{% set x = [1] %}" + body(4);
    return random.nextInt(10) > 0 ? template : damaged(template);
  }

  private String damaged(String template) {
    int at = random.nextInt(template.length());
    return switch (random.nextInt(3)) {
      case 0 -> template.substring(0, at);
      case 1 -> template.substring(0, at) + template.substring(Math.min(at + 2, template.length()));
      default -> template.substring(0, at) + (char) random.nextInt(128) + template.substring(at);
    };
  }

  private String body(int depth) {
    StringBuilder body = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      body.append(statement(depth));
    }
    return body.toString();
  }

  private String statement(int depth) {
    if (depth == 0) {
      return random.nextBoolean() ? "text\n" : "{{ %s }}".formatted(expression(1));
    }
    int less = depth - 1;
    return switch (random.nextInt(12)) {
      case 0, 1 -> "{%% for m in %s %%}%s{%% endfor %%}".formatted(expression(2), body(less));
      case 2 ->
          "{%% for m in range(%s) %%}%s{%% else %%}%s{%% endfor %%}"
              .formatted(of(NUMBERS), body(less), body(0));
      case 3 ->
          "{%% if %s %%}%s{%% else %%}%s{%% endif %%}"
              .formatted(expression(2), body(less), body(less));
      case 4, 5 -> "{%% set ns.x = %s %%}".formatted(expression(3));
      case 6 -> "{%% set x = %s %%}".formatted(expression(3));
      case 7 -> "{%% set x %%}%s{%% endset %%}".formatted(body(less));
      case 8 ->
          "{%% macro f(x, m=1) %%}%s{%% endmacro %%}{{ f(%s) }}"
              .formatted(body(less), expression(2));
      case 9 -> "{%- " + of(List.of("break", "continue")) + " -%}";
      case 10 -> "{%% with m = %s %%}%s{%% endwith %%}".formatted(expression(2), body(less));
      default -> "{{ %s }}\n".formatted(expression(3));
    };
  }

  private String expression(int depth) {
    if (depth == 0) {
      return of(List.of(of(NAMES), of(NUMBERS), of(TEXTS), "ns.x", "none", "[]", "{}"));
    }
    int less = depth - 1;
    return switch (random.nextInt(14)) {
      case 0, 1 -> "%s %s %s".formatted(expression(less), of(OPERATORS), expression(less));
      case 2 -> "(%s)".formatted(expression(less));
      case 3 -> "[%s, %s]".formatted(expression(less), expression(less));
      case 4 -> "{%s: %s}".formatted(expression(less), expression(less));
      case 5 -> "%s.%s".formatted(expression(less), of(ATTRIBUTES));
      case 6 -> "%s[%s]".formatted(expression(less), expression(less));
      case 7 ->
          "%s[%s:%s:%s]".formatted(expression(less), expression(0), expression(0), of(NUMBERS));
      case 8 -> "%s.%s(%s)".formatted(expression(less), of(METHODS), arguments(less));
      case 9, 10 ->
          "%s | %s(%s)"
              .formatted(expression(less), of(List.copyOf(Filters.NAMES)), arguments(less));
      case 11 ->
          "%s is %s(%s)".formatted(expression(less), of(List.copyOf(Tests.NAMES)), arguments(less));
      case 12 -> "%s(%s)".formatted(of(FUNCTIONS), arguments(less));
      default -> of(List.of("-", "not ", "+")) + expression(less);
    };
  }

  private String arguments(int depth) {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> expression(depth);
      case 2 -> "%s, %s".formatted(expression(depth), expression(depth));
      default ->
          "%s, %s=%s"
              .formatted(
                  expression(depth),
                  of(List.of("attribute", "indent", "width", "default", "reverse")),
                  expression(depth));
    };
  }

  private String of(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
