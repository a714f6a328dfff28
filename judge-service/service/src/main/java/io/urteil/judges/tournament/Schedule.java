package io.urteil.judges.tournament;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Who meets whom. Of n candidates: */
public enum Schedule {

  /** Everybody meets everybody once: n(n-1)/2 matches, all at once. */
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

  /** Each meets the next, the last the first: n matches, all at once; one when there are two. */
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
   * Winners go on: n-1 matches in ceil(log2 n) rounds, one after the other. The bracket is drawn by
   * the seed. Of an odd number the last has a bye and stands first in the next round. A tie is won
   * by the higher mean score, or else, as a match without a verdict is, by the one that stands
   * first in the bracket.
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
   * The matches of this many candidates, in the order in which they were asked for.
   *
   * @param seed draws the bracket of a knockout
   */
  public abstract List<Match> play(int candidates, long seed, Referee referee) throws Exception;

  /** Who goes on. */
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
          "%d results (expected: %d, one a match)".formatted(results.size(), pairings.size()));
    }
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < pairings.size(); i++) {
      matches.add(new Match(pairings.get(i), results.get(i)));
    }
    return matches;
  }
}
