package io.urteil.judges.tournament;

import java.util.List;

/** Decides matches. All that do not depend on each other are given at once. */
@FunctionalInterface
public interface Referee {

  /** The result of each pairing, in their order. */
  List<MatchOutcome> decide(List<Pairing> pairings) throws Exception;
}
