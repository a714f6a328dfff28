package io.urteil.judges.tournament;

import java.util.List;

/** Judges pairings. One call receives all pairings of a round, which are independent. */
@FunctionalInterface
public interface Referee {

  /** The outcome of each pairing, in their order. */
  List<MatchOutcome> decide(List<Pairing> pairings) throws Exception;
}
