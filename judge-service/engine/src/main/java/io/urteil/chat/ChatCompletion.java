package io.urteil.chat;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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

  /**
   * The same texts with the probabilities of their choices.
   *
   * @param probabilities one for each sample
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
