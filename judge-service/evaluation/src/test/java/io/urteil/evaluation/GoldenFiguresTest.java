package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.Comparison.Candidate;
import io.urteil.evaluation.measure.Comparison.Gold;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.evaluation.measure.ConfidenceInterval;
import io.urteil.evaluation.measure.JudgedComparison;
import io.urteil.evaluation.measure.MacroScores;
import io.urteil.evaluation.measure.PairMeasure;
import io.urteil.evaluation.measure.PairedDifference;
import io.urteil.evaluation.measure.RewardBench2Measure;
import io.urteil.event.JudgementStatus;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against scikit-learn, statsmodels and numpy; the vectors are made by ops/python/golden. */
class GoldenFiguresTest {

  private static final Offset<Double> CLOSE = within(1e-12);

  static List<JsonNode> macro() throws IOException {
    return golden("macro");
  }

  static List<JsonNode> wilson() throws IOException {
    return golden("wilson");
  }

  static List<JsonNode> ties() throws IOException {
    return golden("ties");
  }

  static List<JsonNode> paired() throws IOException {
    return golden("paired");
  }

  static List<JsonNode> mcnemar() throws IOException {
    return golden("mcnemar");
  }

  @ParameterizedTest
  @MethodSource("macro")
  void shouldAverageOverTheClassesThatLabelsHave(JsonNode golden) {
    // Given
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (int i = 0; i < golden.path("labels").size(); i++) {
      JsonNode said = golden.path("said").get(i);
      outcomes.add(
          JudgedComparison.given(
              Comparison.pair(
                  "" + i, "q", "a", "b", preference(golden.path("labels").get(i)), "all"),
              said.isNull()
                  ? ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 2)
                  : ComparisonVerdict.of(preference(said))));
    }

    // When
    MacroScores scores = MacroScores.of(outcomes, new PairMeasure(PairMeasure.By.EXACT, false));

    // Then
    assertThat(scores.precision()).isCloseTo(golden.path("precision").asDouble(), CLOSE);
    assertThat(scores.recall()).isCloseTo(golden.path("recall").asDouble(), CLOSE);
    assertThat(scores.f1()).isCloseTo(golden.path("f1").asDouble(), CLOSE);
  }

  @ParameterizedTest
  @MethodSource("wilson")
  void shouldGiveTheScoreIntervalOfAShare(JsonNode golden) {
    // When
    ConfidenceInterval interval =
        ConfidenceInterval.wilson(golden.path("successes").asInt(), golden.path("items").asInt());

    // Then
    assertThat(interval.low()).isCloseTo(golden.path("low").asDouble(), within(1e-9));
    assertThat(interval.high()).isCloseTo(golden.path("high").asDouble(), within(1e-9));
  }

  @ParameterizedTest
  @MethodSource("ties")
  void shouldScoreQuestionsWithManyRightAnswers(JsonNode golden) {
    // Given
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (JsonNode question : golden.path("questions")) {
      for (String kind : List.of("ref", "tied")) {
        if (question.has(kind)) {
          outcomes.add(
              scored(
                  kind + ":" + question.path("question").asText(),
                  numbers(question.path(kind).path("right")),
                  numbers(question.path(kind).path("wrong"))));
        }
      }
    }

    // When
    double score = RewardBench2Measure.ties(outcomes);

    // Then
    assertThat(score).isCloseTo(golden.path("score").asDouble(), CLOSE);
  }

  @ParameterizedTest
  @MethodSource("paired")
  void shouldResampleTheSameItemsForBothJudgesOfADifference(JsonNode golden) {
    // When
    PairedDifference difference =
        PairedDifference.of(
            judged("own", golden),
            judged("other", golden),
            new PairMeasure(PairMeasure.By.DECISIVE, false),
            golden.path("seed").asLong());

    // Then
    assertThat(difference.difference()).isCloseTo(golden.path("difference").asDouble(), CLOSE);
    assertThat(difference.interval().low()).isCloseTo(golden.path("low").asDouble(), CLOSE);
    assertThat(difference.interval().high()).isCloseTo(golden.path("high").asDouble(), CLOSE);
    if (golden.path("p").isNull()) {
      assertThat(difference.p()).isNull();
    } else {
      assertThat(difference.p()).isCloseTo(golden.path("p").asDouble(), within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("mcnemar")
  void shouldTestWhetherTwoJudgesAreRightEquallyOften(JsonNode golden) {
    // When
    double p = PairedDifference.exactMcNemar(golden.path("b").asInt(), golden.path("c").asInt());

    // Then
    assertThat(p).isCloseTo(golden.path("p").asDouble(), withinPercentage(1e-7));
  }

  private static PairedDifference.Judged judged(String judge, JsonNode golden) {
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (int i = 0; i < golden.path("item").size(); i++) {
      Comparison comparison =
          new Comparison(
              "" + i,
              "item " + golden.path("item").get(i).asInt(),
              "q",
              List.of(Candidate.of("a"), Candidate.of("b")),
              new Gold.Better(Preference.A),
              "all",
              Map.of());
      outcomes.add(
          JudgedComparison.given(
              comparison,
              ComparisonVerdict.of(
                  golden.path(judge).get(i).asInt() == 1 ? Preference.A : Preference.B)));
    }
    return new PairedDifference.Judged(judge, outcomes);
  }

  private static JudgedComparison scored(String id, List<Double> right, List<Double> wrong) {
    List<Candidate> candidates = new ArrayList<>();
    List<Boolean> isRight = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    right.forEach(score -> isRight.add(true));
    wrong.forEach(score -> isRight.add(false));
    scores.addAll(right);
    scores.addAll(wrong);
    scores.forEach(score -> candidates.add(Candidate.of("text")));
    return JudgedComparison.given(
        new Comparison(
            id, id, "q", candidates, new Gold.Right(isRight), RewardBench2Measure.TIES, Map.of()),
        ComparisonVerdict.scored(scores));
  }

  private static List<Double> numbers(JsonNode array) {
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  private static Preference preference(JsonNode name) {
    return switch (name.asText()) {
      case "A" -> Preference.A;
      case "B" -> Preference.B;
      default -> Preference.TIE;
    };
  }

  private static List<JsonNode> golden(String part) throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    new ObjectMapper()
        .readTree(GoldenFiguresTest.class.getResourceAsStream("/golden/evaluation.json"))
        .path(part)
        .forEach(vectors::add);
    assertThat(vectors).isNotEmpty();
    return vectors;
  }
}
