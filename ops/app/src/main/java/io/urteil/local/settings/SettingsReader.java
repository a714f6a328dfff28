package io.urteil.local.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed settings by key and collects all problems, so that one message names all of them. A
 * system property takes precedence over the environment variable of the same setting. Not
 * thread-safe.
 */
final class SettingsReader {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([KMGT]?)");

  private static final String AUTO = "auto";

  private static final Map<String, Boolean> FLAGS =
      Map.of("true", true, "1", true, "false", false, "0", false);

  private final Map<String, String> properties;
  private final Map<String, String> environment;
  private final Map<String, String> defaults = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * @param properties system properties by key
   * @param environment environment variables by name
   */
  SettingsReader(Map<String, String> properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  /** A whole number of at least {@code least}. */
  int number(String key, String fallback, int least) {
    return read(
        key,
        fallback,
        "a whole number >= " + least,
        text -> {
          if (!text.matches("\\d{1,9}")) {
            return null;
          }
          int number = Integer.parseInt(text);
          return number < least ? null : number;
        });
  }

  /** A duration with its unit: {@code 100ms}, {@code 6s}, {@code 5m}, {@code 24h}. */
  Duration duration(String key, String fallback) {
    return read(
        key, fallback, "a duration with its unit, such as 100ms, 6s or 24h", SettingsReader::parse);
  }

  private static @Nullable Duration parse(String text) {
    Matcher form = DURATION.matcher(text);
    if (!form.matches()) {
      return null;
    }
    long unit =
        switch (form.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    long amount = Long.parseLong(form.group(1));
    return amount > Long.MAX_VALUE / unit ? null : Duration.ofMillis(amount * unit);
  }

  /** A number of bytes: {@code 512M}, {@code 8G}. */
  long bytes(String key, String fallback) {
    return read(key, fallback, "a size such as 512M or 8G", SettingsReader::size);
  }

  private static @Nullable Long size(String text) {
    Matcher form = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!form.matches()) {
      return null;
    }
    long amount = Long.parseLong(form.group(1));
    int shift = 10 * " KMGT".indexOf(unit(form.group(2)));
    return amount > Long.MAX_VALUE >> shift ? null : amount << shift;
  }

  /** A whole number of at least {@code least}; 0 for {@code auto}, the default. */
  int numberOrAuto(String key, int least) {
    return read(
        key,
        AUTO,
        "auto, or a whole number >= " + least,
        text -> {
          if (text.equals(AUTO)) {
            return 0;
          }
          Integer number = text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
          return number == null || number < least ? null : number;
        });
  }

  /** A number of bytes; 0 for {@code auto}, the default. */
  long bytesOrAuto(String key) {
    return read(
        key,
        AUTO,
        "auto, or a size such as 512M or 8G",
        text -> {
          if (text.equals(AUTO)) {
            return 0L;
          }
          Long bytes = size(text);
          return bytes == null || bytes == 0 ? null : bytes;
        });
  }

  private static String unit(String letter) {
    return letter.isEmpty() ? " " : letter;
  }

  boolean flag(String key, String fallback) {
    return read(key, fallback, "true or false", text -> FLAGS.get(text.toLowerCase(Locale.ROOT)));
  }

  String text(String key, String fallback) {
    return read(key, fallback, "any text", text -> text);
  }

  /**
   * Creates a value from several settings. An {@link IllegalArgumentException} is recorded as a
   * problem.
   */
  <T> T create(T fallback, java.util.function.Supplier<T> create) {
    try {
      return create.get();
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return fallback;
    }
  }

  private <T> T read(
      String key, String fallback, String expected, Function<String, @Nullable T> parser) {
    defaults.put(key, fallback);
    String text = properties.get(key);
    if (text == null) {
      text = environment.get(variable(key));
    }
    T value = text == null ? null : parser.apply(text.strip());
    if (text != null && value == null) {
      problems.add("%s: '%s' (expected: %s)".formatted(key, text, expected));
    }
    if (value == null) {
      value = parser.apply(fallback);
    }
    if (value == null) {
      throw new IllegalStateException(key + ": invalid default '" + fallback + "'");
    }
    return value;
  }

  /** The environment variable of a setting. */
  static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** Every key read so far, with its default. */
  Map<String, String> defaults() {
    return defaults;
  }

  /** Every problem found so far. */
  List<String> problems() {
    return problems;
  }
}
