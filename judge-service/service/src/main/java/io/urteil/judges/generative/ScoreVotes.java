package io.urteil.judges.generative;

import io.urteil.run.judge.JudgePanel.Combine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Aggregates the scores of the votes on one candidate. Pure.
 *
 * <ul>
 *   <li>{@code mean}: the mean of the scores.
 *   <li>{@code majority}: the most frequent score, or the mean of the most frequent ones.
 * </ul>
 */
public final class ScoreVotes {

  private ScoreVotes() {}

  /**
   * The score of the candidate.
   *
   * @param scores at least one
   */
  public static double score(List<Double> scores, Combine combine) {
    return switch (combine) {
      case MEAN -> scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      case MAJORITY -> mostFrequent(scores);
    };
  }

  private static double mostFrequent(List<Double> scores) {
    Map<Double, Integer> counts = new LinkedHashMap<>();
    scores.forEach(score -> counts.merge(score, 1, Integer::sum));
    int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .mapToDouble(Map.Entry::getKey)
        .average()
        .orElseThrow();
  }
}
