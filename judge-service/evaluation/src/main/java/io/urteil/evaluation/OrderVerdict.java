package io.urteil.evaluation;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judges.tournament.PairVote;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The verdict of all votes on a pair in one order, aggregated as the judge aggregates its votes. A
 * preference {@code A} is that of the candidate presented first. Pure.
 */
final class OrderVerdict {

  private OrderVerdict() {}

  /** The preference of the votes; empty if none is readable. */
  static Optional<Preference> of(List<Vote> votes, Combine combine) {
    List<PairVote> readable =
        votes.stream().map(OrderVerdict::readable).flatMap(Optional::stream).toList();
    if (readable.isEmpty()) {
      return Optional.empty();
    }
    int order = Double.compare(PairVote.points(readable, combine), 0.5);
    return Optional.of(order == 0 ? Preference.TIE : order > 0 ? Preference.A : Preference.B);
  }

  private static Optional<PairVote> readable(Vote vote) {
    Verdict verdict = vote.getVerdict();
    if (vote.getStatus() != JudgementStatus.SCORED || verdict == null) {
      return Optional.empty();
    }
    return Arrays.stream(Preference.values())
        .filter(known -> known.spelling().equals(verdict.getPreference()))
        .findFirst()
        .map(
            preference ->
                PairVote.of(
                    switch (preference) {
                      case A -> 1;
                      case B -> 0;
                      case TIE -> 0.5;
                    },
                    verdict.getScores()));
  }
}
