package io.urteil.judges.tournament;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Common arithmetic of the ratings. */
final class RatingMath {

  private RatingMath() {}

  /** The value for each candidate with a decided match, NaN for the others. */
  static double[] start(int candidates, List<Match> matches, double value) {
    double[] ratings = new double[candidates];
    Arrays.fill(ratings, Double.NaN);
    for (Match match : matches) {
      if (match.result() instanceof MatchOutcome.Decided) {
        ratings[match.pairing().first()] = value;
        ratings[match.pairing().second()] = value;
      }
    }
    return ratings;
  }

  /** The mean over each candidate's decided matches; NaN without one. */
  static double[] mean(
      int candidates,
      List<Match> matches,
      ToDoubleFunction<MatchOutcome.Decided> ofFirst,
      ToDoubleFunction<MatchOutcome.Decided> ofSecond) {
    double[] sums = new double[candidates];
    int[] counts = new int[candidates];
    for (Match match : matches) {
      if (match.result() instanceof MatchOutcome.Decided decided) {
        sums[match.pairing().first()] += ofFirst.applyAsDouble(decided);
        sums[match.pairing().second()] += ofSecond.applyAsDouble(decided);
        counts[match.pairing().first()]++;
        counts[match.pairing().second()]++;
      }
    }
    for (int i = 0; i < candidates; i++) {
      sums[i] = counts[i] == 0 ? Double.NaN : sums[i] / counts[i];
    }
    return sums;
  }
}
