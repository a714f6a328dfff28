package io.urteil.evaluation.measure;

import io.urteil.evaluation.measure.WrittenResponse.Kind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lengths of the texts that a judge wrote, one for each vote.
 *
 * @param all over all texts
 * @param right over the texts whose verdict is right; null without one
 * @param wrong over the texts whose verdict is readable and not right; null without one
 */
public record ResponseLengths(Lengths all, @Nullable Lengths right, @Nullable Lengths wrong) {

  private static final double MEDIAN = 0.5;
  private static final double P90 = 0.9;

  /**
   * Lengths of texts. Percentiles are interpolated linearly between the two nearest ranks. The
   * figures of the thought are over the texts with a closed thought, and null without one.
   *
   * @param responses number of texts
   * @param tokensMean mean number of tokens
   * @param tokensMedian median number of tokens
   * @param tokensP90 90th percentile of the number of tokens
   * @param thoughtCharactersMean mean number of characters of the thought
   * @param thoughtCharactersMedian median of these numbers
   * @param thoughtCharactersP90 90th percentile of these numbers
   */
  public record Lengths(
      int responses,
      double tokensMean,
      double tokensMedian,
      double tokensP90,
      @Nullable Double thoughtCharactersMean,
      @Nullable Double thoughtCharactersMedian,
      @Nullable Double thoughtCharactersP90) {

    private static @Nullable Lengths of(List<WrittenResponse> responses) {
      if (responses.isEmpty()) {
        return null;
      }
      double[] tokens = responses.stream().mapToDouble(WrittenResponse::tokens).sorted().toArray();
      double[] thoughts =
          responses.stream()
              .map(WrittenResponse::thoughtCharacters)
              .filter(Objects::nonNull)
              .mapToDouble(Integer::doubleValue)
              .sorted()
              .toArray();
      boolean thinks = thoughts.length > 0;
      return new Lengths(
          responses.size(),
          mean(tokens),
          ConfidenceInterval.percentile(tokens, MEDIAN),
          ConfidenceInterval.percentile(tokens, P90),
          thinks ? (Double) mean(thoughts) : null,
          thinks ? (Double) ConfidenceInterval.percentile(thoughts, MEDIAN) : null,
          thinks ? (Double) ConfidenceInterval.percentile(thoughts, P90) : null);
    }

    private static double mean(double[] values) {
      return java.util.Arrays.stream(values).average().orElseThrow();
    }
  }

  /** The lengths of these texts; null without a text. */
  static @Nullable ResponseLengths of(List<WrittenResponse> responses) {
    Lengths all = Lengths.of(responses);
    return all == null
        ? null
        : new ResponseLengths(
            all, Lengths.of(only(Kind.RIGHT, responses)), Lengths.of(only(Kind.WRONG, responses)));
  }

  private static List<WrittenResponse> only(Kind kind, List<WrittenResponse> responses) {
    return responses.stream().filter(one -> one.verdict() == kind).toList();
  }
}
