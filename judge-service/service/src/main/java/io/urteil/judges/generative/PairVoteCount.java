package io.urteil.judges.generative;

import io.urteil.judges.tournament.MatchOutcome;
import io.urteil.judges.tournament.Pairing;
import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Aggregates the votes on one pair to a match outcome. Pure.
 *
 * <ul>
 *   <li>{@code mean}: the higher mean score wins. In a vote without scores, the preferred candidate
 *       has 1 and a tied one 0.5.
 *   <li>{@code majority}: the most frequent preference wins; the mean scores decide a draw.
 * </ul>
 *
 * With several principles, the votes of each voter (one panel member under one principle) are
 * averaged first, as in SELF-JUDGE.
 */
final class PairVoteCount {

  /**
   * A vote in the order of the pairing, independent of the order shown.
   *
   * @param points of the first candidate: 1, 0.5 or 0
   * @param first score of the first candidate
   * @param second score of the second candidate
   */
  private record OrientedVote(double points, double first, double second) {}

  private PairVoteCount() {}

  static MatchOutcome count(
      Pairing pairing, List<PanelVote> panelVotes, Combine combine, boolean perVoter) {
    Map<Integer, List<OrientedVote>> voters = new LinkedHashMap<>();
    for (PanelVote panelVote : panelVotes) {
      if (panelVote.presentation().shows(pairing.first())
          && panelVote.presentation().shows(pairing.second())
          && panelVote.read().orElse(null) instanceof Pairwise verdict) {
        boolean swapped = !panelVote.presentation().showsFirst(pairing.first());
        voters
            .computeIfAbsent(perVoter ? panelVote.voterIndex() : 0, voter -> new ArrayList<>())
            .add(oriented(verdict, swapped));
      }
    }
    List<OrientedVote> votes = new ArrayList<>();
    voters.values().forEach(voter -> votes.addAll(perVoter ? List.of(mean(voter)) : voter));
    if (votes.isEmpty()) {
      return new MatchOutcome.Undecided();
    }
    OrientedVote mean = mean(votes);
    double points = combine == Combine.MEAN ? mean.points() : majority(votes, mean);
    return new MatchOutcome.Decided(points, mean.first(), mean.second());
  }

  private static OrientedVote oriented(Pairwise verdict, boolean swapped) {
    double points =
        switch (verdict.preference()) {
          case A -> 1;
          case B -> 0;
          case TIE -> 0.5;
        };
    boolean scored = verdict.scores().size() == 2;
    double first = scored ? verdict.scores().get(0) : points;
    double second = scored ? verdict.scores().get(1) : 1 - points;
    return swapped
        ? new OrientedVote(1 - points, second, first)
        : new OrientedVote(points, first, second);
  }

  /** The mean scores and the points that follow from them. */
  private static OrientedVote mean(List<OrientedVote> votes) {
    double first = votes.stream().mapToDouble(OrientedVote::first).average().orElseThrow();
    double second = votes.stream().mapToDouble(OrientedVote::second).average().orElseThrow();
    return new OrientedVote(Double.compare(first, second) / 2.0 + 0.5, first, second);
  }

  private static double majority(List<OrientedVote> votes, OrientedVote mean) {
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

  /** The preference of an event for these points. */
  static String preference(double points) {
    return points == 0.5
        ? Preference.TIE.spelling()
        : points > 0.5 ? Preference.A.spelling() : Preference.B.spelling();
  }
}
