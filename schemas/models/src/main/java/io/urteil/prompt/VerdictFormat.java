package io.urteil.prompt;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A form in which a judge writes its verdict, and the strict parser of it. Parsers are pure, take
 * time linear in the text, and throw for no text.
 */
public enum VerdictFormat {

  /** {@code <think>…</think><answer>7,3</answer>}, scores 1 to 9, nothing besides. */
  THINK_ANSWER_SCORES("think-answer-scores", ThinkAnswerScores::parse),

  /** {@code <think>…</think><answer>7</answer><answer>3</answer>}, scores 1 to 10. */
  JUDGELRM_SCORES("judgelrm-scores", JudgeLrmScores::parse);

  private final String formatName;
  private final Function<String, ParsedVerdict> parser;

  VerdictFormat(String formatName, Function<String, ParsedVerdict> parser) {
    this.formatName = formatName;
    this.parser = parser;
  }

  /** The format's name in a run file. */
  public String formatName() {
    return formatName;
  }

  /** Reads a judge's whole text; never throws. */
  public ParsedVerdict parse(String text) {
    return parser.apply(text);
  }

  /**
   * The format of this name.
   *
   * @throws IllegalArgumentException naming the formats there are
   */
  public static VerdictFormat named(String name) {
    for (VerdictFormat format : values()) {
      if (format.formatName.equals(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "verdict format: '%s' (expected: one of %s)".formatted(name, String.join(", ", names())));
  }

  /** The names of all formats. */
  public static List<String> names() {
    return List.of(values()).stream().map(VerdictFormat::formatName).collect(Collectors.toList());
  }
}
