package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One sampled completion.
 *
 * @param index of the sample in its request, from 0
 * @param tokenIds what was drawn, a final stop token and the token that completed a stop text
 *     included; the prompt is not
 * @param logProbabilities natural logarithm, one per token: what the sampler's distribution
 *     (grammar, penalty, temperature and cuts applied) gave the token when it was drawn
 * @param forced the tokens, by their place, whose text the grammar had left no choice of
 * @param stopText the stop text that ended it, empty if none did; what the completion says is its
 *     text before the first of these
 * @param detail empty unless there is more to say than the reason does
 */
public record CompletionSample(
    int index,
    int[] tokenIds,
    float[] logProbabilities,
    BitSet forced,
    StopReason finishReason,
    String stopText,
    String detail) {

  public CompletionSample {
    requireNonNull(finishReason, "finishReason");
    requireNonNull(stopText, "stopText");
    requireNonNull(detail, "detail");
    if (tokenIds.length != logProbabilities.length) {
      throw new IllegalArgumentException(
          "logProbabilities: %d (expected: %d, one per token)"
              .formatted(logProbabilities.length, tokenIds.length));
    }
    if (forced.length() > tokenIds.length) {
      throw new IllegalArgumentException(
          "forced: token %d (expected: below %d)".formatted(forced.length() - 1, tokenIds.length));
    }
    tokenIds = tokenIds.clone();
    logProbabilities = logProbabilities.clone();
    forced = (BitSet) forced.clone();
  }

  /** A sample of which nothing was forced and that no stop text ended. */
  public CompletionSample(
      int index, int[] tokenIds, float[] logProbabilities, StopReason finishReason, String detail) {
    this(index, tokenIds, logProbabilities, new BitSet(), finishReason, "", detail);
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
  public BitSet forced() {
    return (BitSet) forced.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CompletionSample that
        && index == that.index
        && Arrays.equals(tokenIds, that.tokenIds)
        && Arrays.equals(logProbabilities, that.logProbabilities)
        && forced.equals(that.forced)
        && finishReason == that.finishReason
        && stopText.equals(that.stopText)
        && detail.equals(that.detail);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, Arrays.hashCode(tokenIds), finishReason, detail);
  }
}
