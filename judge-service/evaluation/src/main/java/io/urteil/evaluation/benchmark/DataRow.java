package io.urteil.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One object of a data file.
 *
 * @param rows all rows of the benchmark
 * @param file where it stands
 * @param where its place in the file, such as {@code line 3}
 * @param number of the row in its file, from 0
 */
record DataRow(DataRows rows, DataFile file, String where, int number, JsonNode node) {

  /** File and place in it. */
  String place() {
    return file.name() + ", " + where;
  }

  DataRows.BadRowException bad(String what) {
    return new DataRows.BadRowException(place() + ": " + what);
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** An id that no row has had before. */
  String uniqueId(String id) {
    return rows.unique(this, id);
  }

  /** A text; it may be empty, but must be there. */
  String text(String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw bad("%s: %s (expected: a text)".formatted(key, shown(value)));
    }
    return value.asText();
  }

  /** A text, or {@code fallback} where the key is missing. */
  String text(String key, String fallback) {
    return has(key) ? text(key) : fallback;
  }

  /** A text or a number, as text. */
  String name(String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw bad("%s: %s (expected: a text or a whole number)".formatted(key, shown(value)));
    }
    return value.asText();
  }

  /**
   * A text, where a spreadsheet on the way may have turned the words True and False into JSON
   * booleans; they are spelled as such spreadsheets and Python spell them.
   */
  String textOrBoolean(String key) {
    JsonNode value = node.path(key);
    return value.isBoolean() ? (value.booleanValue() ? "True" : "False") : text(key);
  }

  int whole(String key, int least, int most) {
    JsonNode value = node.path(key);
    if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
      throw bad("%s: %s (expected: %d to %d)".formatted(key, shown(value), least, most));
    }
    return value.asInt();
  }

  /** A list of texts. */
  List<String> texts(String key, int least) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : list(key, least)) {
      if (!value.isTextual()) {
        throw bad("%s: %s (expected: texts)".formatted(key, shown(value)));
      }
      texts.add(value.asText());
    }
    return texts;
  }

  /** A list of true and false. */
  List<Boolean> flags(String key, int least) {
    List<Boolean> flags = new ArrayList<>();
    for (JsonNode value : list(key, least)) {
      if (!value.isBoolean()) {
        throw bad("%s: %s (expected: true or false)".formatted(key, shown(value)));
      }
      flags.add(value.booleanValue());
    }
    return flags;
  }

  /** A list of numbers, each plain or alone in a list of its own. */
  List<Double> numbers(String key, int least) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode value : list(key, least)) {
      JsonNode number = value.isArray() && value.size() == 1 ? value.get(0) : value;
      if (!number.isNumber()) {
        throw bad("%s: %s (expected: numbers)".formatted(key, shown(value)));
      }
      numbers.add(number.asDouble());
    }
    return numbers;
  }

  private JsonNode list(String key, int least) {
    JsonNode value = node.path(key);
    if (!value.isArray() || value.size() < least) {
      throw bad("%s: %s (expected: a list of at least %d)".formatted(key, shown(value), least));
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
