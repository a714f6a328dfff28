package io.urteil.prompt;

import java.util.List;
import java.util.OptionalInt;

/**
 * A verdict that is one of a few choices after a fixed text, so that the token probabilities of the
 * choices at that position can replace it. Pure.
 *
 * @param cue the text before the choice
 * @param choices the first one favours the first candidate, or means yes
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
   * The position of the choice, in characters, after the last cue and any white space and opening
   * bracket; empty if there is no choice.
   */
  public OptionalInt position(String text) {
    int position = end(text);
    if (position < 0) {
      return OptionalInt.empty();
    }
    while (position < text.length() && leads(text.charAt(position))) {
      position++;
    }
    int begin = position;
    return choices.stream().anyMatch(choice -> text.startsWith(choice, begin))
        ? OptionalInt.of(begin)
        : OptionalInt.empty();
  }

  private static boolean leads(char c) {
    return Character.isWhitespace(c) || c == '(';
  }

  /** The end of the last cue, in characters; -1 without a cue. */
  public int end(String text) {
    int cueAt = text.lastIndexOf(cue);
    return cueAt < 0 ? -1 : cueAt + cue.length();
  }
}
