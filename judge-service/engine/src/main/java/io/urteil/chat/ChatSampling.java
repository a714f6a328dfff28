package io.urteil.chat;

import java.util.List;

/**
 * How a completion is drawn.
 *
 * @param temperature 0 is greedy
 * @param topP in (0, 1]; 1 cuts nothing
 * @param topK 0 cuts nothing; servers that do not know it ignore it
 * @param maxTokens most tokens of a completion
 * @param stop texts that end a completion; they are not part of it
 * @param seed sample i draws with a seed made of this and i
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
