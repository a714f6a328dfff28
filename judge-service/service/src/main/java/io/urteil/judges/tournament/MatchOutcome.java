package io.urteil.judges.tournament;

/** What a match came to. */
public sealed interface MatchOutcome {

  /**
   * Somebody won, or it was a tie.
   *
   * @param points of the first: 1 for a win, 0.5 for a tie, 0 for a loss
   * @param firstScore mean score that the judge gave the first; the points when it gives none
   * @param secondScore and the second
   */
  record Decided(double points, double firstScore, double secondScore) implements MatchOutcome {
    public Decided {
      if (!(points >= 0 && points <= 1)) {
        throw new IllegalArgumentException("points: %s (expected: from 0 to 1)".formatted(points));
      }
    }

    /** By points alone. */
    public static Decided by(double points) {
      return new Decided(points, points, 1 - points);
    }
  }

  /** No verdict could be read. */
  record Undecided() implements MatchOutcome {}
}
