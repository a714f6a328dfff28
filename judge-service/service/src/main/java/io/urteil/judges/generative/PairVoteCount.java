package io.urteil.judges.generative;

import io.urteil.judges.tournament.MatchOutcome;
import io.urteil.judges.tournament.PairVote;
import io.urteil.judges.tournament.Pairing;
import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Aggregates the votes on one pair to a match outcome, by the rules of {@link PairVote}. Pure.
 *
 * <p>With several principles, the votes of each voter (one panel member under one principle) are
 * averaged first, as in SELF-JUDGE.
 */
final class PairVoteCount {

  private PairVoteCount() {}

  static MatchOutcome count(
      Pairing pairing, List<PanelVote> panelVotes, Combine combine, boolean perVoter) {
    Map<Integer, List<PairVote>> voters = new LinkedHashMap<>();
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
    List<PairVote> votes = new ArrayList<>();
    voters
        .values()
        .forEach(voter -> votes.addAll(perVoter ? List.of(PairVote.mean(voter)) : voter));
    if (votes.isEmpty()) {
      return new MatchOutcome.Undecided();
    }
    PairVote mean = PairVote.mean(votes);
    return new MatchOutcome.Decided(PairVote.points(votes, combine), mean.first(), mean.second());
  }

  private static PairVote oriented(Pairwise verdict, boolean swapped) {
    PairVote shown = PairVote.of(verdict.preference(), verdict.scores());
    return swapped ? shown.swapped() : shown;
  }

  /** The preference of an event for these points. */
  static String preference(double points) {
    return Preference.of(points, 0.5).spelling();
  }
}
