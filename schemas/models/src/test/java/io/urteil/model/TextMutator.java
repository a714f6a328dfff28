package io.urteil.model;

import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes a valid JSON text: values to extremes, structure, truncation, single characters. */
public final class TextMutator {

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
  private static final Pattern VALUE =
      Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?|\"[^\"]*\"|true|false|null|\\[]|\\{}");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "2147483647",
          "2147483648",
          "-2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "1e308",
          "1e999",
          "1e-999",
          "1.5",
          "65536",
          "16777216",
          "9".repeat(900));
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "\"\"",
          "\"..\"",
          "\"/\"",
          "\"a/b\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "[]",
          "{}",
          "[[]]",
          "{\"a\":1}",
          "[1,1]",
          "\"" + "x".repeat(5000) + "\"",
          "[".repeat(999) + "]".repeat(999),
          "[".repeat(5000) + "]".repeat(5000));

  private final Random random;

  public TextMutator(Random random) {
    this.random = random;
  }

  /** The text after one to three changes. */
  public String mutated(String text) {
    String mutated = text;
    for (int i = random.nextInt(3); i >= 0; i--) {
      mutated = once(mutated);
    }
    return mutated;
  }

  private String once(String text) {
    if (text.isEmpty()) {
      return "{}";
    }
    int at = random.nextInt(text.length());
    int to = Math.min(text.length(), at + 1 + random.nextInt(8));
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> replaced(text, NUMBER, NUMBERS);
      case 3, 4, 5 -> replaced(text, VALUE, VALUES);
      case 6 -> text.substring(0, at);
      case 7 -> text.substring(0, at) + text.substring(to);
      case 8 -> text.substring(0, to) + text.substring(at);
      default -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
    };
  }

  private String replaced(String text, Pattern pattern, List<String> values) {
    List<MatchResult> found = pattern.matcher(text).results().toList();
    if (found.isEmpty()) {
      return text;
    }
    MatchResult place = found.get(random.nextInt(found.size()));
    return text.substring(0, place.start())
        + values.get(random.nextInt(values.size()))
        + text.substring(place.end());
  }
}
