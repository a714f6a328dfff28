package io.urteil.judges.tournament;

/**
 * Two candidates to compare.
 *
 * @param first number of one candidate, from 0
 * @param second number of the other
 * @param round of the tournament, from 0
 */
public record Pairing(int first, int second, int round) {

  public Pairing {
    if (first < 0 || second < 0 || first == second) {
      throw new IllegalArgumentException(
          "pairing: %d and %d (expected: two different candidates)".formatted(first, second));
    }
  }
}
