package io.urteil.judges.tournament;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private final List<Integer> batches = new ArrayList<>();

  /** The higher number wins. */
  private final Referee higher =
      pairings -> {
        batches.add(pairings.size());
        return pairings.stream()
            .<MatchOutcome>map(p -> MatchOutcome.Decided.by(p.first() > p.second() ? 1 : 0))
            .toList();
      };

  @Property(tries = 200)
  void shouldLetTheBestWinAKnockoutInOneMatchLessThanThereAreCandidates(
      @ForAll @IntRange(min = 1, max = 33) int candidates, @ForAll long seed) throws Exception {
    // Given
    batches.clear();

    // When
    List<Match> matches = Schedule.KNOCKOUT.play(candidates, seed, higher);
    double[] rounds = new Rating.Rounds().rate(candidates, matches);

    // Then
    assertThat(matches).hasSize(candidates - 1);
    assertThat(batches).hasSize((int) Math.ceil(Math.log(candidates) / Math.log(2)));
    if (candidates > 1) {
      assertThat(rounds[candidates - 1]).isEqualTo(batches.size());
      Set<Integer> out = new HashSet<>();
      for (Match match : matches) {
        assertThat(out).doesNotContain(match.pairing().first(), match.pairing().second());
        out.add(Math.min(match.pairing().first(), match.pairing().second()));
      }
    }
  }

  @Test
  void shouldLetEverybodyMeetEverybodyOnceInOneBatch() throws Exception {
    // When
    List<Match> matches = Schedule.ROUND_ROBIN.play(5, 0, higher);

    // Then
    assertThat(batches).containsExactly(10);
    assertThat(matches).extracting(Match::pairing).doesNotHaveDuplicates().hasSize(10);
  }

  @Test
  void shouldLetEachMeetTheNextWhenCircular() throws Exception {
    // When
    List<Match> matches = Schedule.CIRCULAR.play(4, 0, higher);

    // Then
    assertThat(batches).containsExactly(4);
    assertThat(matches)
        .extracting(Match::pairing)
        .containsExactly(
            new Pairing(0, 1, 0), new Pairing(1, 2, 0), new Pairing(2, 3, 0), new Pairing(3, 0, 0));
    assertThat(Schedule.CIRCULAR.play(2, 0, higher)).hasSize(1);
    assertThat(Schedule.ROUND_ROBIN.play(1, 0, higher)).isEmpty();
  }

  @Test
  void shouldBreakATieByTheHigherScoreAndAMissingVerdictByTheBracket() {
    // Given
    Pairing pairing = new Pairing(3, 7, 0);

    // Then
    assertThat(Schedule.winner(new Match(pairing, new MatchOutcome.Decided(0.5, 2, 3))))
        .isEqualTo(7);
    assertThat(Schedule.winner(new Match(pairing, new MatchOutcome.Decided(0.5, 3, 3))))
        .isEqualTo(3);
    assertThat(Schedule.winner(new Match(pairing, new MatchOutcome.Undecided()))).isEqualTo(3);
  }
}
