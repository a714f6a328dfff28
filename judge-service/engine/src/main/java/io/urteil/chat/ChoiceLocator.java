package io.urteil.chat;

import io.urteil.prompt.WrittenChoice;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/** Finds the token with which a written choice begins. Pure. */
final class ChoiceLocator {

  private ChoiceLocator() {}

  /**
   * The token that holds the choice's first letter. Empty when the text makes no choice, or when
   * that token began before the cue was complete, so that nobody chose between the choices there.
   *
   * @param text what the tokens say, as far as it counts
   * @param tokens how many there are
   * @param length of what the first n tokens say, for n from 0 to {@code tokens}
   */
  static OptionalInt token(WrittenChoice choice, String text, int tokens, IntUnaryOperator length) {
    OptionalInt place = choice.place(text);
    if (place.isEmpty()) {
      return place;
    }
    int before = 0;
    int through = tokens;
    while (through - before > 1) {
      int middle = (before + through) >>> 1;
      if (length.applyAsInt(middle) > place.getAsInt()) {
        through = middle;
      } else {
        before = middle;
      }
    }
    int start = length.applyAsInt(before);
    return start >= choice.end(text) && start <= place.getAsInt()
        ? OptionalInt.of(before)
        : OptionalInt.empty();
  }

  /** How likely the choices were in a text of these tokens; empty when none begins the choice. */
  static Map<String, Double> probabilities(
      WrittenChoice choice, List<OpenAiProtocol.Token> tokens) {
    StringBuilder text = new StringBuilder();
    int[] lengths = new int[tokens.size() + 1];
    for (int i = 0; i < tokens.size(); i++) {
      lengths[i + 1] = text.append(tokens.get(i).text()).length();
    }
    OptionalInt token = token(choice, text.toString(), tokens.size(), n -> lengths[n]);
    return token.isEmpty()
        ? Map.of()
        : tokens.get(token.getAsInt()).probabilities(choice.choices());
  }
}
