package io.urteil.judges.tournament;

import java.util.List;

/**
 * Maximum-likelihood fit of the Bradley-Terry model by minorisation-maximisation (Hunter 2004,
 * Annals of Statistics 32, equation 3): p_i = W_i / sum_j n_ij / (p_i + p_j), iterated until no
 * strength changes by more than 1e-13, relatively. The strength of the prior's opponent is fixed to
 * 1.
 */
final class BradleyTerryFit {

  private static final double TOLERANCE = 1e-13;
  private static final int MAX_STEPS = 100_000;
  private static final double ELO = 400 / Math.log(10);

  private BradleyTerryFit() {}

  static double[] ratings(int candidates, List<Match> matches, double prior) {
    double[] ratings = RatingMath.start(candidates, matches, 0);
    double[] wins = new double[candidates];
    double[][] matchCounts = new double[candidates][candidates];
    for (Match match : matches) {
      if (match.result() instanceof MatchOutcome.Decided(double points, double a, double b)) {
        int first = match.pairing().first();
        int second = match.pairing().second();
        wins[first] += points;
        wins[second] += 1 - points;
        matchCounts[first][second]++;
        matchCounts[second][first]++;
      }
    }
    double[] strengths = strengths(wins, matchCounts, prior);
    double mean = 0;
    int rated = 0;
    for (int i = 0; i < candidates; i++) {
      if (!Double.isNaN(ratings[i])) {
        ratings[i] = ELO * Math.log(strengths[i]);
        mean += ratings[i];
        rated++;
      }
    }
    for (int i = 0; i < candidates; i++) {
      ratings[i] += Rating.MEAN - mean / rated;
    }
    return ratings;
  }

  private static double[] strengths(double[] wins, double[][] matchCounts, double prior) {
    double[] strengths = new double[wins.length];
    java.util.Arrays.fill(strengths, 1);
    double change = Double.MAX_VALUE;
    for (int step = 0; step < MAX_STEPS && change > TOLERANCE; step++) {
      change = 0;
      for (int i = 0; i < wins.length; i++) {
        double weight = prior / (strengths[i] + 1);
        for (int j = 0; j < wins.length; j++) {
          weight += matchCounts[i][j] / (strengths[i] + strengths[j]);
        }
        double next = (wins[i] + prior / 2) / weight;
        change = Math.max(change, Math.abs(next - strengths[i]) / strengths[i]);
        strengths[i] = next;
      }
    }
    return strengths;
  }
}
