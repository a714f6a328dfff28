package io.urteil.prompt.frame;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a judge prompt separates the texts that it quotes from its own words. */
public enum Framing {
  /** As the prompt's file is written; only lines that repeat its headings are quoted. */
  PLAIN,
  /** In addition each text is between two lines with the mark of the request. */
  MARKED;

  /** The spelling in prompt files and names of prompts. */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The framing with this spelling.
   *
   * @throws IllegalArgumentException for another text
   */
  public static Framing of(String spelling) {
    return Arrays.stream(values())
        .filter(framing -> framing.spelling().equals(spelling))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "framing: '%s' (expected: %s)"
                        .formatted(
                            spelling,
                            Arrays.stream(values())
                                .map(Framing::spelling)
                                .collect(Collectors.joining(" or ")))));
  }
}
