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
 * What the votes on one pair come to. Pure.
 *
 * <ul>
 *   <li>{@code mean}: the higher mean score wins; where votes have no scores, a preferred candidate
 *       has 1, a tied one 0.5.
 *   <li>{@code majority}: the most frequent verdict; of two given equally often the one that the
 *       mean scores point to, or a tie.
 * </ul>
 *
 * With several principles the votes under each are first counted by their mean, as in SELF-JUDGE.
 */
final class PairVoteCount {

  /**
   * A vote, turned so that {@code first} is the pairing's first whatever order it was shown in.
   *
   * @param points of the first: 1, 0.5 or 0
   */
  private record Turned(double points, double first, double second) {}

  private PairVoteCount() {}

  static MatchOutcome count(
      Pairing pairing, List<PanelVote> casts, Combine combine, boolean byBallot) {
    Map<Integer, List<Turned>> ballots = new LinkedHashMap<>();
    for (PanelVote cast : casts) {
      if (cast.showing().shows(pairing.first())
          && cast.showing().shows(pairing.second())
          && cast.read().orElse(null) instanceof Pairwise verdict) {
        boolean swapped = !cast.showing().showsFirst(pairing.first());
        ballots
            .computeIfAbsent(byBallot ? cast.ballot() : 0, ballot -> new ArrayList<>())
            .add(turned(verdict, swapped));
      }
    }
    List<Turned> votes = new ArrayList<>();
    ballots.values().forEach(ballot -> votes.addAll(byBallot ? List.of(mean(ballot)) : ballot));
    if (votes.isEmpty()) {
      return new MatchOutcome.Undecided();
    }
    Turned mean = mean(votes);
    double points = combine == Combine.MEAN ? mean.points() : majority(votes, mean);
    return new MatchOutcome.Decided(points, mean.first(), mean.second());
  }

  private static Turned turned(Pairwise verdict, boolean swapped) {
    double points =
        switch (verdict.preference()) {
          case A -> 1;
          case B -> 0;
          case TIE -> 0.5;
        };
    boolean scored = verdict.scores().size() == 2;
    double first = scored ? verdict.scores().get(0) : points;
    double second = scored ? verdict.scores().get(1) : 1 - points;
    return swapped ? new Turned(1 - points, second, first) : new Turned(points, first, second);
  }

  /** The mean scores, and the points that they come to. */
  private static Turned mean(List<Turned> votes) {
    double first = votes.stream().mapToDouble(Turned::first).average().orElseThrow();
    double second = votes.stream().mapToDouble(Turned::second).average().orElseThrow();
    return new Turned(Double.compare(first, second) / 2.0 + 0.5, first, second);
  }

  private static double majority(List<Turned> votes, Turned mean) {
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

  /** How a preference reads in an event. */
  static String preference(double points) {
    return points == 0.5
        ? Preference.TIE.spelling()
        : points > 0.5 ? Preference.A.spelling() : Preference.B.spelling();
  }
}
