package io.urteil.evaluation;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
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

  /** One readable vote. */
  private record Readable(Preference preference, double first, double second) {}

  /** The preference of the votes; empty if none is readable. */
  static Optional<Preference> of(List<Vote> votes, Combine combine) {
    List<Readable> readable =
        votes.stream().map(OrderVerdict::readable).flatMap(Optional::stream).toList();
    if (readable.isEmpty()) {
      return Optional.empty();
    }
    Preference mean = byMean(readable);
    return Optional.of(
        switch (combine) {
          case MEAN -> mean;
          case MAJORITY -> byMajority(readable, mean);
        });
  }

  private static Optional<Readable> readable(Vote vote) {
    Verdict verdict = vote.getVerdict();
    if (vote.getStatus() != JudgementStatus.SCORED || verdict == null) {
      return Optional.empty();
    }
    List<Double> scores = verdict.getScores();
    return Arrays.stream(Preference.values())
        .filter(known -> known.spelling().equals(verdict.getPreference()))
        .findFirst()
        .map(
            preference -> {
              double points =
                  switch (preference) {
                    case A -> 1;
                    case B -> 0;
                    case TIE -> 0.5;
                  };
              return scores.size() == 2
                  ? new Readable(preference, scores.get(0), scores.get(1))
                  : new Readable(preference, points, 1 - points);
            });
  }

  private static Preference byMean(List<Readable> votes) {
    double first = votes.stream().mapToDouble(Readable::first).sum();
    double second = votes.stream().mapToDouble(Readable::second).sum();
    return first > second ? Preference.A : first < second ? Preference.B : Preference.TIE;
  }

  /** The most frequent preference; the mean scores decide a draw. */
  private static Preference byMajority(List<Readable> votes, Preference mean) {
    long a = votes.stream().filter(vote -> vote.preference() == Preference.A).count();
    long b = votes.stream().filter(vote -> vote.preference() == Preference.B).count();
    long ties = votes.size() - a - b;
    if (ties > Math.max(a, b)) {
      return Preference.TIE;
    }
    if (a == b || ties == Math.max(a, b)) {
      return mean;
    }
    return a > b ? Preference.A : Preference.B;
  }
}
