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
 * @param tokenIds the sampled tokens, including a final stop token and the token that completed a
 *     stop text, without the prompt
 * @param logProbabilities natural logarithm, one per token: the log-probability under the sampler's
 *     distribution (grammar, penalty, temperature and cuts applied) when the token was sampled
 * @param forced the tokens, by their index, for which the grammar left no alternative
 * @param stopText the stop text that ended it, empty if none did; the text of the completion ends
 *     before it
 * @param detail details of the reason; may be empty
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

  /** A sample without forced tokens and stop text. */
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
