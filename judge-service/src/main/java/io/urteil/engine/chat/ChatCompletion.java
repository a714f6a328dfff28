package io.urteil.engine.chat;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The answer to a {@link ChatRequest}.
 *
 * @param model which model answered, its version included where it has one
 * @param promptTokens tokens of the prompt; 0 when nobody counted them
 * @param samples in the order of their index
 */
public record ChatCompletion(
    String requestId, String model, int promptTokens, List<ChatSample> samples) {

  public ChatCompletion {
    requireNonNull(requestId, "requestId");
    requireNonNull(model, "model");
    samples = List.copyOf(samples);
  }
}
