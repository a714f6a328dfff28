package io.urteil.judges.tournament;

/** Two candidates that have met. */
public record Match(Pairing pairing, MatchOutcome result) {

  /** Whether this candidate took part. */
  public boolean has(int candidate) {
    return pairing.first() == candidate || pairing.second() == candidate;
  }
}
