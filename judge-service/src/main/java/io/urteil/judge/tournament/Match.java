package io.urteil.judge.tournament;

/** Two candidates that have met. */
public record Match(Pairing pairing, Result result) {

  boolean has(int candidate) {
    return pairing.first() == candidate || pairing.second() == candidate;
  }
}
