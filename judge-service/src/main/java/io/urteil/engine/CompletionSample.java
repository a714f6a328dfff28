package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One sampled completion.
 *
 * @param index of the sample in its request, from 0
 * @param tokenIds what was drawn, a final stop token included; the prompt is not
 * @param logProbabilities natural logarithm, one per token: what the sampler's distribution
 *     (temperature and cuts applied) gave the token when it was drawn
 * @param detail empty unless there is more to say than the reason does
 */
public record CompletionSample(
    int index, int[] tokenIds, float[] logProbabilities, FinishReason finishReason, String detail) {

  public CompletionSample {
    requireNonNull(finishReason, "finishReason");
    requireNonNull(detail, "detail");
    if (tokenIds.length != logProbabilities.length) {
      throw new IllegalArgumentException(
          "logProbabilities: %d (expected: %d, one per token)"
              .formatted(logProbabilities.length, tokenIds.length));
    }
    tokenIds = tokenIds.clone();
    logProbabilities = logProbabilities.clone();
  }

  @Override
  public int[] tokenIds() {
    return tokenIds.clone();
  }

  @Override
  public float[] logProbabilities() {
    return logProbabilities.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CompletionSample that
        && index == that.index
        && Arrays.equals(tokenIds, that.tokenIds)
        && Arrays.equals(logProbabilities, that.logProbabilities)
        && finishReason == that.finishReason
        && detail.equals(that.detail);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, Arrays.hashCode(tokenIds), finishReason, detail);
  }
}
