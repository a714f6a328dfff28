package io.urteil.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Describes invalid JSON by place, value and expectation, without names of classes. */
final class JsonSentence {

  /** Names of classes and sources in the messages of the JSON reader. */
  private static final Pattern INTERNALS =
      Pattern.compile(" ?\\((?:class|start marker at|for ) ?[^()]*(?:\\([^()]*\\)[^()]*)*\\)");

  private static final Pattern KIND =
      Pattern.compile(
          "(?:from|coerce) `?(Object|Array|String|Integer|Float(?:ing-point)?|Boolean|null)\\b");

  private static final Pattern NOT_A_NUMBER = Pattern.compile("token '(-?(?:NaN|Infinity|INF))'");

  private JsonSentence() {}

  /** The sentence, such as {@code groups[0].prompt: a number (expected: a text) (line 1, …)}. */
  static String of(JsonProcessingException invalid) {
    return place(invalid) + problem(invalid) + at(invalid);
  }

  private static String problem(JsonProcessingException invalid) {
    return switch (invalid) {
      case UnrecognizedPropertyException unknown ->
          "no such key (expected: one of %s)"
              .formatted(
                  unknown.getKnownPropertyIds().stream()
                      .map(String::valueOf)
                      .sorted()
                      .collect(Collectors.joining(", ")));
      case MismatchedInputException mismatch when mismatch.getTargetType() != null ->
          "%s (expected: %s)".formatted(found(mismatch), expected(mismatch.getTargetType()));
      default -> {
        Matcher infinite = NOT_A_NUMBER.matcher(invalid.getOriginalMessage());
        yield infinite.find()
            ? infinite.group(1) + " (expected: a finite number)"
            : INTERNALS.matcher(invalid.getOriginalMessage()).replaceAll("");
      }
    };
  }

  /** The reader is closed by now; only the message has the kind of the value. */
  private static String found(MismatchedInputException mismatch) {
    Matcher kind = KIND.matcher(mismatch.getOriginalMessage());
    return switch (kind.find() ? kind.group(1) : "") {
      case "Object" -> "an object";
      case "Array" -> "a list";
      case "String" -> "a text";
      case "Integer", "Float", "Floating-point" -> "a number";
      case "Boolean" -> "true or false";
      case "null" -> "null";
      default -> "another value";
    };
  }

  private static String expected(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return "a whole number";
    }
    if (type == Double.class || type == double.class) {
      return "a number";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "another value";
  }

  private static String at(JsonProcessingException invalid) {
    return invalid.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(invalid.getLocation().getLineNr(), invalid.getLocation().getColumnNr());
  }

  private static String place(JsonProcessingException invalid) {
    List<JsonMappingException.Reference> path =
        invalid instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
    String joined =
        path.stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? "[" + step.getIndex() + "]"
                        : "." + step.getFieldName())
            .collect(Collectors.joining());
    return joined.isEmpty() ? "" : joined.substring(joined.charAt(0) == '.' ? 1 : 0) + ": ";
  }
}
