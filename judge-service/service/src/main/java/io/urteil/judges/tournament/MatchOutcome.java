package io.urteil.judges.tournament;

/** The outcome of a match. */
public sealed interface MatchOutcome {

  /**
   * A win or a tie.
   *
   * @param points of the first candidate: 1 for a win, 0.5 for a tie, 0 for a loss
   * @param firstScore mean score of the first candidate; its points if the judge gives no scores
   * @param secondScore mean score of the second candidate; likewise
   */
  record Decided(double points, double firstScore, double secondScore) implements MatchOutcome {
    public Decided {
      if (!(points >= 0 && points <= 1)) {
        throw new IllegalArgumentException("points: %s (expected: from 0 to 1)".formatted(points));
      }
    }

    /** An outcome without scores. */
    public static Decided by(double points) {
      return new Decided(points, points, 1 - points);
    }
  }

  /** No vote has a verdict. */
  record Undecided() implements MatchOutcome {}
}
