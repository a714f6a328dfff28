package io.urteil.judges.tournament;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RatingTest {

  static Stream<JsonNode> golden() throws IOException {
    try (InputStream in = RatingTest.class.getResourceAsStream("/golden/ratings.json")) {
      return new ObjectMapper().readTree(in).valueStream();
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void shouldFitTheStrengthsThatScipyFinds(JsonNode golden) {
    golden
        .path("bradleyTerry")
        .properties()
        .forEach(
            prior ->
                assertRatings(
                    new Rating.BradleyTerry(Double.parseDouble(prior.getKey())),
                    golden,
                    prior.getValue()));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void shouldMoveEloMatchByMatch(JsonNode golden) {
    golden
        .path("elo")
        .properties()
        .forEach(
            k ->
                assertRatings(
                    new Rating.Elo(Double.parseDouble(k.getKey())), golden, k.getValue()));
  }

  private static void assertRatings(Rating rating, JsonNode golden, JsonNode expected) {
    double[] ratings = rating.rate(golden.path("candidates").asInt(), matches(golden));
    assertThat(ratings).hasSize(expected.size());
    for (int i = 0; i < ratings.length; i++) {
      assertThat(ratings[i])
          .as("%s, %s, candidate %d", golden.path("name").asText(), rating, i)
          .isEqualTo(expected.get(i).asDouble(), within(1e-6));
    }
  }

  private static List<Match> matches(JsonNode golden) {
    List<Match> matches = new ArrayList<>();
    for (JsonNode match : golden.path("matches")) {
      matches.add(
          match(
              match.get(0).asInt(),
              match.get(1).asInt(),
              MatchOutcome.Decided.by(match.get(2).asDouble())));
    }
    return matches;
  }

  @Property(tries = 100)
  void shouldNotDependOnTheOrderOfMatchesWhenFitted(
      @ForAll @Size(15) List<@IntRange(max = 2) Integer> halves, @ForAll int seed) {
    // Given
    List<Match> matches = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < 6; i++) {
      for (int j = i + 1; j < 6; j++) {
        matches.add(match(i, j, MatchOutcome.Decided.by(halves.get(next++) / 2.0)));
      }
    }
    List<Match> shuffled = new ArrayList<>(matches);
    Collections.shuffle(shuffled, new Random(seed));
    Rating.BradleyTerry rating = new Rating.BradleyTerry(0.5);

    // When
    double[] ratings = rating.rate(6, matches);

    // Then
    assertThat(rating.rate(6, shuffled)).containsExactly(ratings, within(1e-6));
    assertThat(java.util.Arrays.stream(ratings).average().orElseThrow())
        .isEqualTo(Rating.MEAN, within(1e-6));
    double[] wins = new Rating.WinRate().rate(6, matches);
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        if (wins[i] > wins[j] + 1e-9) {
          assertThat(ratings[i]).isGreaterThan(ratings[j]);
        }
      }
    }
  }

  @Test
  void shouldRateNobodyWithoutADecidedMatch() {
    // Given
    List<Match> matches =
        List.of(match(0, 1, MatchOutcome.Decided.by(1)), match(0, 2, new MatchOutcome.Undecided()));

    // Then
    for (Rating rating :
        List.of(
            new Rating.Elo(32),
            new Rating.BradleyTerry(1),
            new Rating.WinRate(),
            new Rating.MeanScore(),
            new Rating.Rounds())) {
      double[] ratings = rating.rate(3, matches);
      assertThat(ratings[0]).as(rating.label()).isGreaterThan(ratings[1]);
      assertThat(ratings[2]).as(rating.label()).isNaN();
    }
  }

  @Test
  void shouldAverageTheScoresOfACandidatesMatches() {
    // Given
    List<Match> matches =
        List.of(
            match(0, 1, new MatchOutcome.Decided(1, 5, 2)),
            match(1, 2, new MatchOutcome.Decided(0.5, 4, 4)));

    // When
    double[] ratings = new Rating.MeanScore().rate(3, matches);

    // Then
    assertThat(ratings).containsExactly(5, 3, 4);
  }

  private static Match match(int first, int second, MatchOutcome result) {
    return new Match(new Pairing(first, second, 0), result);
  }
}
