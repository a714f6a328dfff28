package io.urteil.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.DataFile;
import io.urteil.event.JudgementStatus;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuresTest {

  private static final CandidateOrder AB = CandidateOrder.given(2);
  private static final CandidateOrder BA = CandidateOrder.reversed(2);

  @ParameterizedTest
  @CsvSource({
    "THREE_CLASSES, A, A, 1",
    "THREE_CLASSES, A, tie, 0",
    "THREE_CLASSES, tie, none, 1",
    "EXACT, tie, tie, 1",
    "EXACT, tie, none, 0",
    "EXACT, A, tie, 0",
    "DECISIVE, B, B, 1",
    "DECISIVE, B, A, 0",
    "DECISIVE, B, tie, 0.5",
    "DECISIVE, B, none, 0",
    "HALF, A, tie, 0.5",
    "HALF, A, none, 0.5",
    "HALF, A, B, 0",
    "HALF, A, A, 1"
  })
  void shouldCreditAPairByItsRule(PairMeasure.By by, String label, String said, double expected) {
    // When
    double credit =
        new PairMeasure(by, false)
            .credit(JudgedComparison.given(pair("1", label, "all"), ruling(said)));

    // Then
    assertThat(credit).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "A, A, 1",
    "A, tie, 1",
    "A, none, 1",
    "A, B, 0",
    "tie, tie, 0",
    "B, B, 0",
    "none, none, 0"
  })
  void shouldAddUpBothOrdersOnJudgeBench(String given, String swapped, double expected) {
    // When
    double credit =
        new PairMeasure(PairMeasure.By.SUM_OF_ORDERS, false).credit(both("1", "A", given, swapped));

    // Then
    assertThat(credit).isEqualTo(expected);
  }

  @Test
  void shouldCountFlipsConsistencyAndPreferences() {
    // Given: the judge always names what it is shown first, but twice
    List<JudgedComparison> outcomes =
        List.of(
            both("1", "A", "A", "B"),
            both("2", "B", "A", "B"),
            both("3", "B", "B", "B"),
            both("4", "A", "none", "tie"),
            both("5", "B", "A", "A"));

    // When
    EvaluationResult figures =
        EvaluationResult.of(outcomes, new PairMeasure(PairMeasure.By.DECISIVE, false), 1);

    // Then
    assertThat(figures.preferences().flipRate()).isEqualTo(0.6);
    assertThat(figures.preferences().consistency()).isEqualTo(0.4);
    assertThat(figures.correctness().positionConsistentAccuracy()).isEqualTo(0.2);
    assertThat(figures.preferences().firstPreference()).isEqualTo(6.0 / 8);
    assertThat(figures.preferences().longerPreference()).isNull();
    assertThat(figures.endings().ties()).isEqualTo(0.1);
    assertThat(figures.endings().unparseable()).isEqualTo(0.1);
    assertThat(figures.correctness().strictAccuracy()).isEqualTo(0.4);
    assertThat(figures.correctness().accuracy())
        .isEqualTo((0.5 + 0.5 + 1 + 0.25 + 0) / 5, within(1e-12));
  }

  @Test
  void shouldCountNeitherATieNorAnUnreadableVerdictAsConsistent() {
    // Given
    List<JudgedComparison> outcomes =
        List.of(both("1", "tie", "tie", "tie"), both("2", "A", "none", "none"));

    // When
    EvaluationResult figures =
        EvaluationResult.of(outcomes, new PairMeasure(PairMeasure.By.EXACT, false), 1);

    // Then
    assertThat(figures.preferences().consistency()).isZero();
    assertThat(figures.preferences().flipRate()).isZero();
    assertThat(figures.correctness().positionConsistentAccuracy()).isEqualTo(0.5);
  }

  @Test
  void shouldFindThatAJudgePrefersTheLonger() {
    // Given
    Comparison longFirst = Comparison.pair("1", "q", "a long answer", "short", Preference.B, "all");
    Comparison equal = Comparison.pair("2", "q", "same", "size", Preference.A, "all");

    // When
    EvaluationResult figures =
        EvaluationResult.of(
            List.of(
                JudgedComparison.given(longFirst, ComparisonVerdict.of(Preference.A)),
                JudgedComparison.given(equal, ComparisonVerdict.of(Preference.B))),
            new PairMeasure(PairMeasure.By.DECISIVE, false),
            1);

    // Then
    assertThat(figures.preferences().longerPreference()).isEqualTo(1.0);
  }

  @Test
  void shouldMeasureLengthInCharactersAndNotInUtf16() {
    // Given
    Comparison pair = Comparison.pair("1", "q", "🙂🙂", "abc", Preference.B, "all");

    // Then
    assertThat(Baselines.longer(pair).preference()).contains(Preference.B);
  }

  @Test
  void shouldWeighRewardBenchSectionsByTheirSubsets() {
    // Given: math-prm counts as 984 pairs whatever its size
    List<JudgedComparison> outcomes =
        List.of(
            rewardBench("math-prm", "A"),
            rewardBench("hep-cpp", "B"),
            rewardBench("hep-go", "none"),
            rewardBench("alpacaeval-easy", "A"),
            rewardBench("alpacaeval-hard", "tie"));

    // When
    RewardBenchMeasure measure = new RewardBenchMeasure();

    // Then
    double reasoning = (984 * 1.0 + 0 + 0.5) / 986;
    assertThat(measure.figures(outcomes))
        .containsExactly(
            java.util.Map.entry("chat", 0.75), java.util.Map.entry("reasoning", reasoning));
    assertThat(measure.accuracy(outcomes)).isEqualTo((0.75 + reasoning) / 2, within(1e-12));
  }

  @Test
  void shouldSplitTheCreditAmongThoseThatShareTheHighestScore() throws Exception {
    // Given
    List<Comparison> items =
        read(
            "rewardbench-2",
            """
            {"id": "1", "prompt": "p", "chosen": ["c"], "rejected": ["x", "y", "z"], "subset": "Math"}
            """);
    RewardBench2Measure measure = new RewardBench2Measure();

    // Then
    assertThat(
            measure.credit(
                JudgedComparison.given(
                    items.getFirst(), ComparisonVerdict.scored(List.of(3.0, 3.0, 1.0, 3.0)))))
        .isEqualTo(1.0 / 3, within(1e-12));
    assertThat(
            measure.credit(
                JudgedComparison.given(
                    items.getFirst(), ComparisonVerdict.scored(List.of(3.0, 4.0, 1.0, 3.0)))))
        .isZero();
    assertThat(
            measure.credit(
                JudgedComparison.given(
                    items.getFirst(), ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 4))))
        .isZero();
  }

  @Test
  void shouldNotPickACandidateWithoutAVerdict() {
    // Given
    Comparison group =
        new Comparison(
            "1",
            "1",
            "q",
            List.of(Comparison.Candidate.of("a"), Comparison.Candidate.of("b")),
            new Comparison.Gold.Right(List.of(true, false)),
            "all",
            Map.of());
    ComparisonVerdict ruling =
        new ComparisonVerdict(
            List.of(JudgementStatus.SCORED, JudgementStatus.UNPARSEABLE),
            Arrays.asList(-3.0, null));

    // When
    EvaluationResult figures =
        EvaluationResult.of(List.of(JudgedComparison.given(group, ruling)), new BestOfMeasure(), 1);

    // Then
    assertThat(figures.correctness().accuracy()).isEqualTo(1);
    assertThat(figures.endings().unparseable()).isEqualTo(1);
    assertThat(figures.correctness().macroF1()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    // Two wrong candidates of the same answer against one right: .3 + .3 < .7, and .886 + .886 >
    // .965.
    "0.3, 0.3, 0.7, 1, 0",
    "0.4, 0.4, 0.7, 0, 0",
    "0.0, 0.0, 0.1, 1, 1"
  })
  void shouldWeighVotesByProbabilities(
      double wrong, double alsoWrong, double right, double weighted, double weighted01) {
    // When
    Map<String, Double> figures = votes(wrong, alsoWrong, right);

    // Then
    assertThat(figures)
        .containsEntry("majority", 0.0)
        .containsEntry("weighted", weighted)
        .containsEntry("weighted01", weighted01);
  }

  @Test
  void shouldWeighVotesByOtherScoresAsLogOdds() {
    // When / Then: sigmoid(-2) twice is .24, sigmoid(0) is .5.
    assertThat(votes(-2, -2, 0)).containsEntry("weighted", 1.0).doesNotContainKey("weighted01");
    assertThat(votes(2, 2, 9)).containsEntry("weighted", 0.0);
  }

  private static Map<String, Double> votes(double wrong, double alsoWrong, double right) {
    Comparison group =
        new Comparison(
            "1",
            "1",
            "q",
            List.of(
                new Comparison.Candidate("a", "3"),
                new Comparison.Candidate("b", "3"),
                new Comparison.Candidate("c", "2")),
            new Comparison.Gold.Right(List.of(false, false, true)),
            "all",
            Map.of());
    ComparisonVerdict verdict =
        new ComparisonVerdict(
            List.of(JudgementStatus.SCORED, JudgementStatus.SCORED, JudgementStatus.SCORED),
            List.of(wrong, alsoWrong, right));
    return new BestOfMeasure().figures(List.of(JudgedComparison.given(group, verdict)));
  }

  @Property
  void shouldPutScoresBackWhereTheyCameFrom(
      @ForAll @IntRange(min = 2, max = 9) int candidates, @ForAll @IntRange(max = 8) int first) {
    List<Integer> given = CandidateOrder.given(candidates).shown();
    for (CandidateOrder order :
        List.of(
            CandidateOrder.rotated(candidates, first % candidates),
            CandidateOrder.reversed(candidates))) {
      assertThat(order.backFrom(order.applyTo(given))).isEqualTo(given);
      assertThat(CandidateOrder.named(order.name())).isEqualTo(order);
    }
  }

  @Property
  void shouldHoldTheShareWithinItsInterval(
      @ForAll @IntRange(min = 1, max = 2_000) int items, @ForAll @IntRange(max = 2_000) int some) {
    int successes = some % (items + 1);
    ConfidenceInterval interval = ConfidenceInterval.wilson(successes, items);
    assertThat((double) successes / items)
        .isBetween(interval.low() - 1e-12, interval.high() + 1e-12);
    assertThat(interval.low()).isGreaterThanOrEqualTo(0);
    assertThat(interval.high()).isLessThanOrEqualTo(1);
  }

  @Test
  void shouldDrawWholeItemsWhenItEstimatesAnInterval() {
    // Given: nine pairs of one item that all agree carry no more than one
    List<JudgedComparison> outcomes = new ArrayList<>();
    for (int item = 0; item < 4; item++) {
      for (int i = 0; i < 9; i++) {
        Comparison pair =
            new Comparison(
                item + "/" + i,
                "item " + item,
                "q",
                List.of(Comparison.Candidate.of("a"), Comparison.Candidate.of("b")),
                new Comparison.Gold.Better(Preference.A),
                "all",
                Map.of());
        outcomes.add(
            JudgedComparison.given(
                pair, ComparisonVerdict.of(item % 2 == 0 ? Preference.A : Preference.B)));
      }
    }
    PairMeasure measure = new PairMeasure(PairMeasure.By.DECISIVE, false);

    // When
    ConfidenceInterval interval = ConfidenceInterval.bootstrap(outcomes, measure::accuracy, 1);

    // Then
    assertThat(interval.low()).isZero();
    assertThat(interval.high()).isEqualTo(1);
    assertThat(ConfidenceInterval.bootstrap(outcomes, measure::accuracy, 1)).isEqualTo(interval);
  }

  private static JudgedComparison rewardBench(String subset, String said) {
    return JudgedComparison.given(pair(subset, "A", subset), ruling(said));
  }

  private static JudgedComparison both(String id, String label, String given, String swapped) {
    SequencedMap<CandidateOrder, ComparisonVerdict> rulings = new LinkedHashMap<>();
    rulings.put(AB, ruling(given));
    rulings.put(BA, ruling(swapped));
    return new JudgedComparison(pair(id, label, "all"), rulings);
  }

  private static Comparison pair(String id, String label, String source) {
    return Comparison.pair(id, "q", "a", "b", ruling(label).preference().orElseThrow(), source);
  }

  private static ComparisonVerdict ruling(String said) {
    return switch (said) {
      case "A" -> ComparisonVerdict.of(Preference.A);
      case "B" -> ComparisonVerdict.of(Preference.B);
      case "tie" -> ComparisonVerdict.of(Preference.TIE);
      default -> ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 2);
    };
  }

  private static List<Comparison> read(String benchmark, String text) throws Exception {
    return Benchmark.named(benchmark)
        .read(List.of(new DataFile("made.jsonl", "", text.getBytes(StandardCharsets.UTF_8))));
  }
}
