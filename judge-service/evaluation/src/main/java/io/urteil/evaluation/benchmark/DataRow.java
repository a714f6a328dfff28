package io.urteil.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One object of a data file.
 *
 * @param rows all rows of the benchmark
 * @param file the file of the row
 * @param where position in the file, such as {@code line 3}
 * @param number number of the row in its file, from 0
 */
record DataRow(DataRows rows, DataFile file, String where, int number, JsonNode node) {

  /** File and position, for messages. */
  String position() {
    return file.name() + ", " + where;
  }

  DataRows.InvalidRowException invalid(String what) {
    return new DataRows.InvalidRowException(position() + ": " + what);
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Registers an id, which must be unique over all rows. */
  String uniqueId(String id) {
    return rows.register(this, id);
  }

  /** A required text, which may be empty. */
  String text(String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw invalid("%s: %s (expected: a text)".formatted(key, shown(value)));
    }
    return value.asText();
  }

  /** A text, or {@code fallback} if the key is missing. */
  String text(String key, String fallback) {
    return has(key) ? text(key) : fallback;
  }

  /** A text or a number, as text. */
  String name(String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw invalid("%s: %s (expected: a text or a whole number)".formatted(key, shown(value)));
    }
    return value.asText();
  }

  /**
   * A text, or a boolean, which is returned as {@code True} or {@code False}: some published files
   * have passed through a spreadsheet that converted these words.
   */
  String textOrBoolean(String key) {
    JsonNode value = node.path(key);
    return value.isBoolean() ? (value.booleanValue() ? "True" : "False") : text(key);
  }

  int integer(String key, int min, int max) {
    JsonNode value = node.path(key);
    if (!value.isInt() || value.asInt() < min || value.asInt() > max) {
      throw invalid("%s: %s (expected: %d to %d)".formatted(key, shown(value), min, max));
    }
    return value.asInt();
  }

  /** A list of texts. */
  List<String> texts(String key, int min) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : list(key, min)) {
      if (!value.isTextual()) {
        throw invalid("%s: %s (expected: texts)".formatted(key, shown(value)));
      }
      texts.add(value.asText());
    }
    return texts;
  }

  /** A list of booleans. */
  List<Boolean> flags(String key, int min) {
    List<Boolean> flags = new ArrayList<>();
    for (JsonNode value : list(key, min)) {
      if (!value.isBoolean()) {
        throw invalid("%s: %s (expected: true or false)".formatted(key, shown(value)));
      }
      flags.add(value.booleanValue());
    }
    return flags;
  }

  /** A list of numbers, each plain or in a list of one element. */
  List<Double> numbers(String key, int min) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode value : list(key, min)) {
      JsonNode number = value.isArray() && value.size() == 1 ? value.get(0) : value;
      if (!number.isNumber()) {
        throw invalid("%s: %s (expected: numbers)".formatted(key, shown(value)));
      }
      numbers.add(number.asDouble());
    }
    return numbers;
  }

  private JsonNode list(String key, int min) {
    JsonNode value = node.path(key);
    if (!value.isArray() || value.size() < min) {
      throw invalid("%s: %s (expected: a list of at least %d)".formatted(key, shown(value), min));
    }
    return value;
  }

  static String shown(JsonNode value) {
    if (value.isMissingNode()) {
      return "missing";
    }
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 57) + "..." : text;
  }
}
