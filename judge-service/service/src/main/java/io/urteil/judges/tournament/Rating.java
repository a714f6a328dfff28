package io.urteil.judges.tournament;

import java.util.List;

/** What a tournament comes to: one number a candidate. Sealed, pure. */
public sealed interface Rating {

  /** Ratings are spread around this value. */
  double MEAN = 1_000;

  /** Name and numbers, for the judge's version. */
  String spelling();

  /**
   * The rating of each candidate; NaN for one without a decided match.
   *
   * @param matches in the order in which they were played
   */
  double[] rate(int candidates, List<Match> matches);

  /**
   * Sequential Elo: after each match, in their order, R += k (S - E) with E = 1 / (1 + 10^((R' -
   * R)/400)). Depends on the order of matches; the last ones count most.
   *
   * @param k largest change by one match
   */
  record Elo(double k) implements Rating {
    @Override
    public String spelling() {
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
   * Order-free: the strengths under which the results are most likely (Bradley and Terry 1952; a
   * tie is half a win of each), as Elo, mean {@link #MEAN}. So that a candidate that won all or
   * lost all has a finite one, each has tied {@code prior} matches with an opponent of strength 1.
   *
   * @param prior number of those ties
   */
  record BradleyTerry(double prior) implements Rating {
    @Override
    public String spelling() {
      return "bradley-terry(prior=%s)".formatted(prior);
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      return BradleyTerryFit.ratings(candidates, matches, prior);
    }
  }

  /** Mean points of a candidate's matches, from 0 to 1. */
  record WinRate() implements Rating {
    @Override
    public String spelling() {
      return "win-rate";
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      return RatingMath.mean(
          candidates, matches, MatchOutcome.Decided::points, decided -> 1 - decided.points());
    }
  }

  /** Mean of the scores that the judge gave a candidate in its matches. */
  record MeanScore() implements Rating {
    @Override
    public String spelling() {
      return "mean-score";
    }

    @Override
    public double[] rate(int candidates, List<Match> matches) {
      return RatingMath.mean(
          candidates, matches, MatchOutcome.Decided::firstScore, MatchOutcome.Decided::secondScore);
    }
  }

  /** How many rounds of a knockout a candidate came through, byes included. */
  record Rounds() implements Rating {
    @Override
    public String spelling() {
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
