package io.urteil.engine.chat;

import static java.util.Objects.requireNonNull;

import io.urteil.engine.FinishReason;
import java.util.List;

/**
 * One completion.
 *
 * @param text what the assistant's turn says behind the prompt's prime
 * @param tokens how many tokens that took; 0 when nobody counted them
 * @param logProbabilities of each token, natural logarithm; empty when the model does not tell
 * @param detail empty unless there is more to say than the reason does
 */
public record ChatSample(
    String text,
    int tokens,
    List<Float> logProbabilities,
    FinishReason finishReason,
    String detail) {

  public ChatSample {
    requireNonNull(text, "text");
    logProbabilities = List.copyOf(logProbabilities);
    requireNonNull(finishReason, "finishReason");
    requireNonNull(detail, "detail");
  }
}
