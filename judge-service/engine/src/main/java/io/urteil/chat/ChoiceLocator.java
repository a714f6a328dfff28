package io.urteil.chat;

import io.urteil.engine.EngineException;
import io.urteil.prompt.WrittenChoice;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

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

  /**
   * As {@link #probabilities(WrittenChoice, List)}, for the tokens of this text.
   *
   * @throws EngineException when the tokens state another choice than the text
   */
  static Map<String, Double> probabilities(
      WrittenChoice choice, String text, List<OpenAiProtocol.Token> tokens) {
    Map<String, Double> probabilities = probabilities(choice, tokens);
    String ofText = stated(choice, text);
    String ofTokens =
        stated(
            choice, tokens.stream().map(OpenAiProtocol.Token::text).collect(Collectors.joining()));
    if (!probabilities.isEmpty() && !ofText.equals(ofTokens)) {
      throw new EngineException(
          "response: its text states '%s', its tokens '%s' (expected: the same choice)"
              .formatted(ofText, ofTokens));
    }
    return probabilities;
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

  private static String stated(WrittenChoice choice, String text) {
    OptionalInt position = choice.position(text);
    return position.isEmpty()
        ? ""
        : choice.choices().stream()
            .filter(one -> text.startsWith(one, position.getAsInt()))
            .findFirst()
            .orElse("");
  }
}
