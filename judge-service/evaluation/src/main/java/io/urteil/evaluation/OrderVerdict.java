package io.urteil.evaluation;

import io.urteil.event.Vote;
import io.urteil.judges.tournament.PairVote;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
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
    List<PairVote> readable = votes.stream().map(PairVote::of).flatMap(Optional::stream).toList();
    return readable.isEmpty()
        ? Optional.empty()
        : Optional.of(Preference.of(PairVote.points(readable, combine), 0.5));
  }
}
