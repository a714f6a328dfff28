package io.urteil.run.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one mapping of a run file and collects all problems, as {@code path: value
 * (expected: …)}. A method that fails returns the default or another placeholder, so that reading
 * continues; the caller throws if the shared list of problems is not empty.
 */
final class Fields {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,11})\\s*(ms|s|m|h)");

  /** Keys whose value may be a secret, also where its author did not find the right key. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)api[_-]?key|secret|password|token$|authorization|bearer|headers");

  /** More is a slip of the keyboard, and added to a time overflows. */
  static final Duration MAX_DURATION = Duration.ofDays(366);

  private final String path;
  private final JsonNode node;
  private final List<String> problems;
  private final Set<String> read = new LinkedHashSet<>();

  Fields(String path, JsonNode node, List<String> problems) {
    this.path = path;
    this.node = node;
    this.problems = problems;
    if (!node.isObject() && !node.isMissingNode()) {
      problem("", node, "a mapping of keys to values");
    }
  }

  /** Whether the key is present. Marks it as known. */
  boolean has(String key) {
    read.add(key);
    return node.has(key);
  }

  /** As {@link #has}, without marking the key as known. */
  boolean isPresent(String key) {
    return node.has(key);
  }

  JsonNode raw(String key) {
    read.add(key);
    return node.path(key);
  }

  Fields section(String key) {
    return new Fields(join(key), raw(key), problems);
  }

  String text(String key, @Nullable String fallback, String expectation) {
    JsonNode value = value(key, fallback != null, expectation);
    if (value == null) {
      return fallback == null ? "" : fallback;
    }
    if (!value.isValueNode() || value.asText().isBlank()) {
      problem(key, value, expectation);
      return "";
    }
    return value.asText();
  }

  Path file(String key) {
    String text = text(key, null, "a path");
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      problem(key, raw(key), "a path");
      return Path.of("");
    }
  }

  double number(
      String key, @Nullable Double fallback, DoublePredicate possible, String expectation) {
    JsonNode value = value(key, fallback != null, expectation);
    if (value == null) {
      return fallback == null ? 0 : fallback;
    }
    return number(key, value, possible, expectation);
  }

  private double number(String key, JsonNode value, DoublePredicate possible, String expectation) {
    // In YAML 1.1, 3e-5 without a dot is a text.
    double number = value.isNumber() ? value.asDouble() : parse(value.asText());
    if (Double.isNaN(number) || Double.isInfinite(number) || !possible.test(number)) {
      problem(key, value, expectation);
      return 0;
    }
    return number;
  }

  private static double parse(String text) {
    try {
      return text.matches("[-+0-9.eE]+") ? Double.parseDouble(text) : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  int integer(String key, @Nullable Integer fallback, int least, String expectation) {
    JsonNode value = value(key, fallback != null, expectation);
    if (value == null) {
      return fallback == null ? 0 : fallback;
    }
    if (!value.isInt() || value.asInt() < least) {
      problem(key, value, expectation);
      return least;
    }
    return value.asInt();
  }

  long longInteger(String key, long fallback) {
    JsonNode value = value(key, true, "");
    if (value == null) {
      return fallback;
    }
    if (!value.isIntegralNumber()) {
      problem(key, value, "a whole number");
      return fallback;
    }
    return value.asLong();
  }

  boolean flag(String key, boolean fallback) {
    JsonNode value = value(key, true, "");
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      problem(key, value, "true or false");
    }
    return value.asBoolean();
  }

  Duration duration(String key, @Nullable Duration fallback) {
    String expectation = "a duration such as 500ms, 60s, 5m or 1h, above 0, at most 8784h";
    JsonNode value = value(key, fallback != null, expectation);
    if (value == null) {
      return fallback == null ? Duration.ZERO : fallback;
    }
    Matcher matcher = DURATION.matcher(value.asText());
    if (!matcher.matches()) {
      problem(key, value, expectation);
      return Duration.ofSeconds(1);
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          default -> Duration.ofHours(amount);
        };
    if (duration.isZero() || duration.compareTo(MAX_DURATION) > 0) {
      problem(key, value, expectation);
      return Duration.ofSeconds(1);
    }
    return duration;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, @Nullable E fallback) {
    E[] constants = type.getEnumConstants();
    String expectation =
        Arrays.stream(constants).map(Fields::spelling).collect(Collectors.joining(", "));
    JsonNode value = value(key, fallback != null, "one of " + expectation);
    if (value == null) {
      return fallback == null ? constants[0] : fallback;
    }
    for (E constant : constants) {
      if (spelling(constant).equals(value.asText())) {
        return constant;
      }
    }
    problem(key, value, "one of " + expectation);
    return constants[0];
  }

  /**
   * Distinct names; the fallback if the key is absent, which is a problem if the fallback is null.
   */
  List<String> names(String key, @Nullable List<String> fallback) {
    String expectation = "a list of different names";
    List<String> otherwise = fallback == null ? List.of() : fallback;
    JsonNode value = value(key, fallback != null, expectation);
    if (value == null) {
      return otherwise;
    }
    List<String> names = new ArrayList<>();
    value.forEach(name -> names.add(name.asText()));
    boolean good = value.isArray() && !names.isEmpty() && Set.copyOf(names).size() == names.size();
    if (!good || names.stream().anyMatch(name -> !name.matches("[A-Za-z0-9_-]+"))) {
      problem(key, value, expectation + " of letters, digits, '_' or '-'");
      return otherwise;
    }
    return names;
  }

  /** Texts, none of them blank; empty if the key is absent. */
  List<String> texts(String key) {
    String expectation = "a list of texts";
    JsonNode value = value(key, true, expectation);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    value.forEach(text -> texts.add(text.asText()));
    if (!value.isArray() || texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
      problem(key, value, expectation);
      return List.of();
    }
    return texts;
  }

  /** Texts by name, none of them blank; empty if the key is absent. */
  SequencedMap<String, String> textsByName(String key, String expectation) {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    JsonNode value = value(key, true, expectation);
    if (value == null) {
      return texts;
    }
    value.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    if (!value.isObject() || texts.isEmpty() || texts.values().stream().anyMatch(String::isBlank)) {
      problem(key, value, expectation);
      return new LinkedHashMap<>();
    }
    return texts;
  }

  /**
   * Texts that end a completion. Blank ones, such as a line end, are valid, an empty one is not.
   */
  List<String> stops(String key) {
    String expectation = "a list of texts, none empty";
    JsonNode value = value(key, true, expectation);
    if (value == null) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    value.forEach(text -> texts.add(text.isTextual() ? text.asText() : ""));
    if (!value.isArray() || texts.contains("")) {
      problem(key, value, expectation);
      return List.of();
    }
    return texts;
  }

  double[] pair(String key, double[] fallback, DoublePredicate possible, String expectation) {
    JsonNode value = value(key, true, expectation);
    if (value == null) {
      return fallback;
    }
    if (!value.isArray() || value.size() != 2) {
      problem(key, value, expectation);
      return fallback;
    }
    return new double[] {
      number(key + "[0]", value.get(0), possible, expectation),
      number(key + "[1]", value.get(1), possible, expectation)
    };
  }

  Iterable<String> keys() {
    List<String> keys = new ArrayList<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** Reports every key that was not read. Call after the last read. */
  void rejectUnknown() {
    for (String key : keys()) {
      if (!read.contains(key)) {
        problem(key, node.path(key), "no such key; known keys: " + String.join(", ", read));
      }
    }
  }

  void problem(String key, JsonNode value, String expectation) {
    if (!value.isMissingNode() && SECRET.matcher(key).find()) {
      hiddenProblem(key, expectation);
      return;
    }
    String shown = value.isMissingNode() ? "missing" : abbreviated(value);
    problems.add("%s: %s (expected: %s)".formatted(join(key), shown, expectation));
  }

  void hiddenProblem(String key, String expectation) {
    problems.add("%s: not shown (expected: %s)".formatted(join(key), expectation));
  }

  private @Nullable JsonNode value(String key, boolean optional, String expectation) {
    JsonNode value = raw(key);
    if (value.isMissingNode() || value.isNull()) {
      if (!optional && (node.isObject() || node.isMissingNode())) {
        problem(key, MissingNode.getInstance(), expectation);
      }
      return null;
    }
    return value;
  }

  private String join(String key) {
    if (key.isEmpty()) {
      return path.isEmpty() ? "(the file)" : path;
    }
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String abbreviated(JsonNode value) {
    String text = value.isTextual() ? "'" + value.asText() + "'" : value.toString();
    return text.length() > 60 ? text.substring(0, 57) + "..." : text;
  }

  /** The duration in the largest unit without a remainder. */
  static String spelling(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0 || millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3_600 == 0 ? seconds / 3_600 + "h" : seconds / 60 + "m";
  }

  /**
   * The value in a run file: LEAVE_ONE_OUT is {@code leave-one-out}. KEEP_COUNT is the exception,
   * in camel case.
   */
  static String spelling(Enum<?> constant) {
    String name = constant.name();
    return name.equals("KEEP_COUNT")
        ? "keepCount"
        : name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
