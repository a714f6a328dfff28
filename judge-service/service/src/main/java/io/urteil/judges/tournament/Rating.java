package io.urteil.judges.tournament;

import java.util.List;

/** Computes one number per candidate from the matches of a tournament. Pure. */
public sealed interface Rating {

  /** Mean of the Elo and Bradley-Terry ratings. */
  double MEAN = 1_000;

  /** Name and parameters, as in the judge's version. */
  String label();

  /**
   * The rating of each candidate; NaN for a candidate without a decided match.
   *
   * @param candidates their number
   * @param matches in the order in which they were judged
   */
  double[] rate(int candidates, List<Match> matches);

  /**
   * Sequential Elo: after each match R += k (S - E) with E = 1 / (1 + 10^((R' - R)/400)), where S
   * is the points and R' the opponent's rating. It depends on the order of the matches; later ones
   * weigh more.
   *
   * @param k maximum change by one match
   */
  record Elo(double k) implements Rating {
    @Override
    public String label() {
      return "elo(k=%s)".formatted(k);
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      double[] ratings = RatingMath.start(candidates, matches, MEAN);
      for (Match match : matches) {
        if (match.result() instanceof MatchOutcome.Decided decided) {
          int first = match.pairing().first();
          int second = match.pairing().second();
          double expected = 1 / (1 + Math.pow(10, (ratings[second] - ratings[first]) / 400));
          double change = k * (decided.points() - expected);
          ratings[first] += change;
          ratings[second] -= change;
        }
      }
      return ratings;
    }
  }

  /**
   * Maximum-likelihood strengths (Bradley and Terry 1952; a tie is half a win for each candidate)
   * on the Elo scale with mean {@link #MEAN}, independent of the order of the matches. The prior
   * keeps ratings finite for candidates that won or lost all matches.
   *
   * @param prior number of virtual ties of each candidate with an opponent of strength 1
   */
  record BradleyTerry(double prior) implements Rating {
    @Override
    public String label() {
      return "bradley-terry(prior=%s)".formatted(prior);
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      return BradleyTerryFit.ratings(candidates, matches, prior);
    }
  }

  /** Mean points of a candidate over its decided matches, from 0 to 1. */
  record WinRate() implements Rating {
    @Override
    public String label() {
      return "win-rate";
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      return RatingMath.mean(
          candidates, matches, MatchOutcome.Decided::points, decided -> 1 - decided.points());
    }
  }

  /** Mean score of a candidate over its decided matches. */
  record MeanScore() implements Rating {
    @Override
    public String label() {
      return "mean-score";
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      return RatingMath.mean(
          candidates, matches, MatchOutcome.Decided::firstScore, MatchOutcome.Decided::secondScore);
    }
  }

  /** Number of knockout rounds that a candidate survived, byes included. */
  record Rounds() implements Rating {
    @Override
    public String label() {
      return "rounds";
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      int rounds = matches.stream().mapToInt(match -> match.pairing().round() + 1).max().orElse(0);
      double[] ratings = RatingMath.start(candidates, matches, rounds);
      for (Match match : matches) {
        int winner = Schedule.winner(match);
        Pairing pairing = match.pairing();
        int loser = winner == pairing.first() ? pairing.second() : pairing.first();
        if (!Double.isNaN(ratings[loser])) {
          ratings[loser] = pairing.round();
        }
      }
      return ratings;
    }
  }
}
