package io.urteil.prompt;

import java.util.List;
import java.util.OptionalInt;

/**
 * A verdict that a judge writes as one of a few choices right behind a fixed text, so that the
 * probabilities of the choices at that place can stand for it. Pure.
 *
 * @param cue what stands before the choice
 * @param choices the first of which favours the first candidate, or says yes
 */
public record WrittenChoice(String cue, List<String> choices) {

  public WrittenChoice {
    choices = List.copyOf(choices);
    if (cue.isBlank() || choices.size() < 2) {
      throw new IllegalArgumentException(
          "written choice: cue '%s', choices %s (expected: a text and at least two choices)"
              .formatted(cue, choices));
    }
  }

  /**
   * Where the choice begins, behind the last cue and any white space and opening bracket; empty
   * when no choice stands there.
   */
  public OptionalInt place(String text) {
    int place = end(text);
    if (place < 0) {
      return OptionalInt.empty();
    }
    while (place < text.length() && leads(text.charAt(place))) {
      place++;
    }
    int begin = place;
    return choices.stream().anyMatch(choice -> text.startsWith(choice, begin))
        ? OptionalInt.of(begin)
        : OptionalInt.empty();
  }

  private static boolean leads(char c) {
    return Character.isWhitespace(c) || c == '(';
  }

  /** Where the last cue ends, before any white space; -1 when the text has none. */
  public int end(String text) {
    int cueAt = text.lastIndexOf(cue);
    return cueAt < 0 ? -1 : cueAt + cue.length();
  }
}
