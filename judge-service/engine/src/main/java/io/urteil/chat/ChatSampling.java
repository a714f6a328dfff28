package io.urteil.chat;

import java.util.List;

/**
 * The sampling settings of a completion.
 *
 * @param temperature 0 for greedy decoding
 * @param topP nucleus probability in (0, 1]; 1 for no limit
 * @param topK 0 for no limit; servers without support ignore it
 * @param maxTokens maximum number of generated tokens
 * @param stop texts that end a completion; excluded from its text
 * @param seed sample i uses a seed derived from this one and i
 */
public record ChatSampling(
    double temperature, double topP, int topK, int maxTokens, List<String> stop, long seed) {

  public ChatSampling {
    if (!(temperature >= 0 && Double.isFinite(temperature))) {
      throw new IllegalArgumentException("temperature: %s (expected: >= 0)".formatted(temperature));
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: %s (expected: > 0 and <= 1)".formatted(topP));
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK: %d (expected: >= 0)".formatted(topK));
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens: %d (expected: >= 1)".formatted(maxTokens));
    }
    stop = List.copyOf(stop);
  }
}
