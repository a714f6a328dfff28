package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.StopReason;
import java.util.List;
import java.util.Map;

/**
 * One completion.
 *
 * @param text what the assistant's turn says behind the prompt's prime
 * @param tokens how many tokens that took; 0 when nobody counted them
 * @param logProbabilities of each token, natural logarithm; empty when the model does not tell
 * @param detail empty unless there is more to say than the reason does
 * @param choices how likely each of the request's choices was, 0 to 1, at the place where the text
 *     makes one, at temperature 1; one that is missing is less likely than all that the model
 *     tells. Empty when none were asked for, the text makes no choice, or no token begins there
 */
public record ChatSample(
    String text,
    int tokens,
    List<Float> logProbabilities,
    StopReason finishReason,
    String detail,
    Map<String, Double> choices) {

  public ChatSample {
    requireNonNull(text, "text");
    logProbabilities = List.copyOf(logProbabilities);
    requireNonNull(finishReason, "finishReason");
    requireNonNull(detail, "detail");
    choices = Map.copyOf(choices);
  }

  /** A text of which no choice's probabilities are known. */
  public ChatSample(
      String text,
      int tokens,
      List<Float> logProbabilities,
      StopReason finishReason,
      String detail) {
    this(text, tokens, logProbabilities, finishReason, detail, Map.of());
  }

  /** The same text with the probabilities of its choice. */
  public ChatSample withChoices(Map<String, Double> probabilities) {
    return new ChatSample(text, tokens, logProbabilities, finishReason, detail, probabilities);
  }
}
