package io.urteil.chat;

import io.urteil.prompt.WrittenChoice;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/** Finds the token at which a written choice starts. Pure. */
final class ChoiceLocator {

  private ChoiceLocator() {}

  /**
   * The index of the token that contains the first letter of the choice. Empty if the text contains
   * no choice, or if that token starts before the end of the cue, so that its probability is not
   * that of the choice.
   *
   * @param text the text of the tokens, possibly truncated
   * @param tokens number of tokens
   * @param length length in characters of the text of the first n tokens, for n from 0 to {@code
   *     tokens}
   */
  static OptionalInt token(WrittenChoice choice, String text, int tokens, IntUnaryOperator length) {
    OptionalInt position = choice.position(text);
    if (position.isEmpty()) {
      return position;
    }
    int before = 0;
    int through = tokens;
    while (through - before > 1) {
      int middle = (before + through) >>> 1;
      if (length.applyAsInt(middle) > position.getAsInt()) {
        through = middle;
      } else {
        before = middle;
      }
    }
    int start = length.applyAsInt(before);
    return start >= choice.end(text) && start <= position.getAsInt()
        ? OptionalInt.of(before)
        : OptionalInt.empty();
  }

  /** The probabilities of the choices in a text of these tokens; empty if no token starts one. */
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
