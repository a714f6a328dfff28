package io.urteil.judges.tournament;

/** A judged pairing. */
public record Match(Pairing pairing, MatchOutcome result) {

  /** Whether this candidate is in the pairing. */
  public boolean has(int candidate) {
    return pairing.first() == candidate || pairing.second() == candidate;
  }
}
