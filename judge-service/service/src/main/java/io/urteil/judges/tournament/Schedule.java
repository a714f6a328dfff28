package io.urteil.judges.tournament;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Selects the pairings of a tournament of n candidates. */
public enum Schedule {

  /** Every pair once: n(n-1)/2 matches in one round. */
  ROUND_ROBIN {
    @Override
    public List<Match> play(int candidates, long seed, Referee referee) throws Exception {
      List<Pairing> pairings = new ArrayList<>();
      for (int first = 0; first < candidates; first++) {
        for (int second = first + 1; second < candidates; second++) {
          pairings.add(new Pairing(first, second, 0));
        }
      }
      return decide(pairings, referee);
    }
  },

  /** Each candidate with the next, the last with the first: n matches in one round, 1 if n = 2. */
  CIRCULAR {
    @Override
    public List<Match> play(int candidates, long seed, Referee referee) throws Exception {
      List<Pairing> pairings = new ArrayList<>();
      int matches = candidates < 3 ? candidates - 1 : candidates;
      for (int first = 0; first < matches; first++) {
        pairings.add(new Pairing(first, (first + 1) % candidates, 0));
      }
      return decide(pairings, referee);
    }
  },

  /**
   * Single elimination: n-1 matches in ceil(log2 n) sequential rounds. The seed shuffles the
   * bracket. If a round has an odd number of candidates, the last one has a bye and is first in the
   * next round. The higher mean score wins a tie; equal scores or a match without a verdict advance
   * the first candidate of the pairing.
   */
  KNOCKOUT {
    @Override
    public List<Match> play(int candidates, long seed, Referee referee) throws Exception {
      List<Integer> bracket = new ArrayList<>(IntStream.range(0, candidates).boxed().toList());
      Collections.shuffle(bracket, new Random(seed));
      List<Match> played = new ArrayList<>();
      for (int round = 0; bracket.size() > 1; round++) {
        List<Pairing> pairings = new ArrayList<>();
        for (int i = 0; i + 1 < bracket.size(); i += 2) {
          pairings.add(new Pairing(bracket.get(i), bracket.get(i + 1), round));
        }
        List<Integer> next = new ArrayList<>();
        if (bracket.size() % 2 == 1) {
          next.add(bracket.getLast());
        }
        for (Match match : decide(pairings, referee)) {
          played.add(match);
          next.add(winner(match));
        }
        bracket = next;
      }
      return played;
    }
  };

  /**
   * Plays the tournament and returns its matches in order.
   *
   * @param candidates their number
   * @param seed of the knockout bracket
   * @throws Exception the failure of the referee
   */
  public abstract List<Match> play(int candidates, long seed, Referee referee) throws Exception;

  /** The largest number of pairings in one round. */
  public int mostPairings(int candidates) {
    return switch (this) {
      case ROUND_ROBIN -> candidates * (candidates - 1) / 2;
      case CIRCULAR -> candidates < 3 ? candidates - 1 : candidates;
      case KNOCKOUT -> candidates / 2;
    };
  }

  /** The candidate that advances. */
  static int winner(Match match) {
    Pairing pairing = match.pairing();
    return switch (match.result()) {
      case MatchOutcome.Undecided undecided -> pairing.first();
      case MatchOutcome.Decided decided -> {
        double lead =
            decided.points() == 0.5
                ? decided.firstScore() - decided.secondScore()
                : decided.points() - 0.5;
        yield lead >= 0 ? pairing.first() : pairing.second();
      }
    };
  }

  private static List<Match> decide(List<Pairing> pairings, Referee referee) throws Exception {
    List<MatchOutcome> results = referee.decide(pairings);
    if (results.size() != pairings.size()) {
      throw new IllegalStateException(
          "%d outcomes (expected: %d, one per match)".formatted(results.size(), pairings.size()));
    }
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < pairings.size(); i++) {
      matches.add(new Match(pairings.get(i), results.get(i)));
    }
    return matches;
  }
}
