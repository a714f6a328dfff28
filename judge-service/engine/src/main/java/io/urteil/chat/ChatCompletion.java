package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The response to a {@link ChatRequest}.
 *
 * @param requestId id of the request
 * @param model the responding model, with its version if it has one
 * @param promptTokens tokens of the prompt; 0 if unknown
 * @param samples by index
 */
public record ChatCompletion(
    String requestId, String model, int promptTokens, List<ChatSample> samples) {

  public ChatCompletion {
    requireNonNull(requestId, "requestId");
    requireNonNull(model, "model");
    samples = List.copyOf(samples);
  }

  /**
   * This completion with the probabilities of the choices.
   *
   * @param probabilities by choice, one map per sample
   */
  ChatCompletion withChoices(List<Map<String, Double>> probabilities) {
    return new ChatCompletion(
        requestId,
        model,
        promptTokens,
        IntStream.range(0, samples.size())
            .mapToObj(i -> samples.get(i).withChoices(probabilities.get(i)))
            .toList());
  }
}
