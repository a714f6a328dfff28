package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.StopReason;
import java.util.List;
import java.util.Map;

/**
 * One completion.
 *
 * @param text the generated text, after the assistant prefix
 * @param tokens number of generated tokens; 0 if unknown
 * @param logProbabilities natural logarithms, one per token; empty if the model does not return any
 * @param finishReason why the sample ended
 * @param detail additional information about the reason; may be empty
 * @param choices probability of each requested choice, 0 to 1, at temperature 1, at the position of
 *     the choice in the text. A missing choice is less likely than the returned ones. Empty if none
 *     was requested, the text contains no choice, or no token starts at its position
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

  /** A sample without probabilities of a choice. */
  public ChatSample(
      String text,
      int tokens,
      List<Float> logProbabilities,
      StopReason finishReason,
      String detail) {
    this(text, tokens, logProbabilities, finishReason, detail, Map.of());
  }

  /** This sample with the probabilities of its choice. */
  public ChatSample withChoices(Map<String, Double> probabilities) {
    return new ChatSample(text, tokens, logProbabilities, finishReason, detail, probabilities);
  }
}
