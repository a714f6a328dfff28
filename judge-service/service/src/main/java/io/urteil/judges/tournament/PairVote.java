package io.urteil.judges.tournament;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.List;
import java.util.Optional;

/**
 * One readable vote on a pair, and the aggregation of several. Pure.
 *
 * <ul>
 *   <li>{@code mean}: the higher mean score wins. In a vote without scores, the preferred candidate
 *       has 1 and a tied one 0.5.
 *   <li>{@code majority}: the most frequent preference wins; the mean scores decide a draw.
 * </ul>
 *
 * @param points of the first candidate: 1, 0.5 or 0
 * @param first score of the first candidate
 * @param second score of the second candidate
 */
public record PairVote(double points, double first, double second) {

  /**
   * A vote for the candidates in the order shown.
   *
   * @param scores two, or none
   */
  public static PairVote of(Preference preference, List<Double> scores) {
    double points =
        switch (preference) {
          case A -> 1;
          case B -> 0;
          case TIE -> 0.5;
        };
    return scores.size() == 2
        ? new PairVote(points, scores.get(0), scores.get(1))
        : new PairVote(points, points, 1 - points);
  }

  /**
   * A vote of a judgement.
   *
   * @return empty without a readable preference
   */
  public static Optional<PairVote> of(Vote vote) {
    Verdict verdict = vote.getVerdict();
    return vote.getStatus() == JudgementStatus.SCORED && verdict != null
        ? Preference.named(verdict.getPreference())
            .map(preference -> of(preference, verdict.getScores()))
        : Optional.empty();
  }

  /** The same vote with the candidates in the other order. */
  public PairVote swapped() {
    return new PairVote(1 - points, second, first);
  }

  /**
   * The mean scores, and the points that follow from them.
   *
   * @param votes at least one
   */
  public static PairVote mean(List<PairVote> votes) {
    double first = votes.stream().mapToDouble(PairVote::first).average().orElseThrow();
    double second = votes.stream().mapToDouble(PairVote::second).average().orElseThrow();
    return new PairVote(Double.compare(first, second) / 2.0 + 0.5, first, second);
  }

  /**
   * The points of the first candidate by these votes.
   *
   * @param votes at least one
   */
  public static double points(List<PairVote> votes, Combine combine) {
    PairVote mean = mean(votes);
    return switch (combine) {
      case MEAN -> mean.points();
      case MAJORITY -> majority(votes, mean);
    };
  }

  private static double majority(List<PairVote> votes, PairVote mean) {
    long wins = votes.stream().filter(vote -> vote.points() == 1).count();
    long losses = votes.stream().filter(vote -> vote.points() == 0).count();
    long ties = votes.size() - wins - losses;
    if (wins == losses && wins >= ties) {
      return mean.points();
    }
    if (ties > Math.max(wins, losses)) {
      return 0.5;
    }
    if (ties == Math.max(wins, losses)) {
      return mean.points();
    }
    return wins > losses ? 1 : 0;
  }
}
