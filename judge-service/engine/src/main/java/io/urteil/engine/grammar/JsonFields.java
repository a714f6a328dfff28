package io.urteil.engine.grammar;

import static io.urteil.engine.grammar.BytePattern.anyOf;
import static io.urteil.engine.grammar.BytePattern.noneOf;
import static io.urteil.engine.grammar.BytePattern.oneOf;
import static io.urteil.engine.grammar.BytePattern.optional;
import static io.urteil.engine.grammar.BytePattern.repeat;
import static io.urteil.engine.grammar.BytePattern.sequence;
import static io.urteil.engine.grammar.BytePattern.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A JSON object (RFC 8259) with given fields in a given order, all of them: {@code NAME=TYPE},
 * separated by blanks. Types: {@code text}, {@code bool}, {@code number}, {@code fraction} (0 to 1,
 * two decimal digits), {@code 1..10} (a whole number of a range), {@code A|B|tie} (one of these
 * strings). A blank is allowed after a colon and a comma, and blanks or a line end inside the
 * braces.
 */
final class JsonFields {

  private static final Pattern FIELD = Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)=(\\S+)");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,4})\\.\\.(\\d{1,4})");
  private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9_-]+(\\|[A-Za-z0-9_-]+)*");
  private static final int MOST_VALUES = 1_000;
  private static final BytePattern DIGIT = oneOf("0123456789");

  private JsonFields() {}

  /**
   * @throws IllegalArgumentException naming the invalid field
   */
  static BytePattern object(String fields) {
    List<BytePattern> parts = new ArrayList<>();
    for (String field : fields.strip().split("\\s+")) {
      Matcher matcher = FIELD.matcher(field);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "grammar: json field '%s' (expected: NAME=TYPE, such as winner=A|B)".formatted(field));
      }
      BytePattern separator =
          parts.isEmpty() ? text("{") : sequence(text(","), optional(oneOf(" \n")));
      parts.add(separator);
      if (parts.size() == 1) {
        parts.add(repeat(oneOf(" \n"), 0, 3));
      }
      parts.add(text('"' + matcher.group(1) + "\":"));
      parts.add(optional(text(" ")));
      parts.add(type(field, matcher.group(2)));
    }
    parts.add(optional(oneOf(" \n")));
    parts.add(text("}"));
    return sequence(parts.toArray(BytePattern[]::new));
  }

  private static BytePattern type(String field, String type) {
    Matcher range = RANGE.matcher(type);
    if (range.matches()) {
      int from = Integer.parseInt(range.group(1));
      int to = Integer.parseInt(range.group(2));
      if (to < from || to - from >= MOST_VALUES) {
        throw new IllegalArgumentException(
            "grammar: json field '%s' (expected: a range of 1 to %d whole numbers)"
                .formatted(field, MOST_VALUES));
      }
      return anyOf(
          IntStream.rangeClosed(from, to).mapToObj(i -> text(Integer.toString(i))).toList());
    }
    return switch (type) {
      case "text" -> string();
      case "bool" -> anyOf("true", "false");
      case "number" -> number();
      case "fraction" ->
          anyOf(
              List.of(
                  sequence(text("0"), optional(sequence(text("."), repeat(DIGIT, 1, 2)))),
                  sequence(text("1"), optional(sequence(text("."), repeat(text("0"), 1, 2))))));
      default -> {
        if (!WORDS.matcher(type).matches()) {
          throw new IllegalArgumentException(
              "grammar: json field '%s' (expected: text, bool, number, fraction, 1..10 or A|B|tie)"
                  .formatted(field));
        }
        yield anyOf(Arrays.stream(type.split("\\|")).map(word -> text('"' + word + '"')).toList());
      }
    };
  }

  private static BytePattern string() {
    StringBuilder controls = new StringBuilder("\"\\");
    IntStream.range(0, ' ').forEach(c -> controls.append((char) c));
    BytePattern hex = oneOf("0123456789abcdefABCDEF");
    BytePattern escape =
        sequence(
            text("\\"),
            anyOf(List.of(oneOf("\"\\/bfnrt"), sequence(text("u"), repeat(hex, 4, 4)))));
    return sequence(
        text("\""),
        repeat(anyOf(List.of(noneOf(controls.toString()), escape)), 0, BytePattern.UNBOUNDED),
        text("\""));
  }

  private static BytePattern number() {
    return sequence(
        optional(text("-")),
        anyOf(List.of(text("0"), sequence(oneOf("123456789"), repeat(DIGIT, 0, 15)))),
        optional(sequence(text("."), repeat(DIGIT, 1, 15))));
  }
}
