package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.measure.MatrixMeasure;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Judges of which verdicts are recorded, and judges that look at nothing but length or place: their
 * figures are known from elsewhere, to the digits printed here.
 */
class OraclesTest {

  @ParameterizedTest
  @CsvSource({
    "pandalm/gpt-3.5-turbo-testset-v1.json, gpt-3.5-turbo, 71.07, 58.79, 57.36, 57.55",
    "pandalm/pandalm-7b-testset-v1.json, pandalm-7b, 66.77, 57.38, 57.50, 57.43"
  })
  void shouldCountPandaLmAsItsRecordedEvaluations(
      String recorded, String judge, String accuracy, String precision, String recall, String f1)
      throws IOException {
    // When
    EvaluationResult figures =
        Objects.requireNonNull(Recordings.figures("pandalm", recorded).get(judge), judge);

    // Then
    assertThat(
            percents(
                figures.correctness().accuracy(),
                figures.correctness().macroPrecision(),
                figures.correctness().macroRecall(),
                figures.correctness().macroF1()))
        .containsExactly(accuracy, precision, recall, f1);
    assertThat(figures.comparisons()).isEqualTo(999);
    assertThat(figures.preferences().flipRate()).as("one order says nothing about flips").isNull();
  }

  @Test
  void shouldTellGarbageFromTiesOnPandaLm() throws IOException {
    // When
    EvaluationResult figures =
        Recordings.figures("pandalm", "pandalm/gpt-3.5-turbo-testset-v1.json")
            .firstEntry()
            .getValue();

    // Then
    assertThat(Math.round(figures.endings().ties() * 999)).isEqualTo(38);
    assertThat(Math.round(figures.endings().unparseable() * 999)).isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource({
    "o1-mini-2024-09-12,           gpt-4o,            65.71, 23.14, 70.86, 58.00, 31.43",
    "claude-3-haiku-20240307,      claude-3.5-sonnet, 32.22, 38.52, 29.63, 14.07, 50.00",
    "Skywork-Reward-Gemma-2-27B,   gpt-4o,            64.29,  0.86, 64.29, 64.29,  0.86",
    "internlm2-20b-reward,         gpt-4o,            63.43,  0.00, 63.43, 63.43,  0.00",
    "Skywork-Reward-Llama-3.1-8B,  gpt-4o,            62.29,  0.29, 62.29, 62.29,  0.29",
    "internlm2-7b-reward,          gpt-4o,            59.43,  0.00, 59.43, 59.43,  0.00",
    "GRM-Gemma-2B-rewardmodel-ft,  gpt-4o,            59.43,  0.00, 59.43, 59.43,  0.00"
  })
  void shouldCountJudgeBenchByItsOwnRule(
      String judge,
      String pairs,
      String correct,
      String sumZero,
      String givenOrder,
      String bothOrders,
      String flipped)
      throws IOException {
    // When
    SequencedMap<String, EvaluationResult> judges =
        Recordings.figures("judgebench-" + pairs, "judgebench/recorded-verdicts.jsonl");

    // Then
    EvaluationResult figures = Objects.requireNonNull(judges.get(judge), judge);
    Map<String, Double> own = figures.figures();
    assertThat(
            percents(
                figures.correctness().accuracy(),
                own.get("sumZero"),
                own.get("givenOrder"),
                own.get("bothOrders"),
                own.get("flipped")))
        .containsExactly(correct, sumZero, givenOrder, bothOrders, flipped);
    assertThat(figures.preferences().flipRate()).isEqualTo(own.get("flipped"));
    assertThat(figures.correctness().positionConsistentAccuracy()).isEqualTo(own.get("bothOrders"));
  }

  @Test
  void shouldCountBestOfEightOnMathAsRecorded() throws IOException {
    // When
    EvaluationResult figures =
        Recordings.figures("math-bon8", "math-bon8/math_cot_100.jsonl.gz").firstEntry().getValue();

    // Then
    Map<String, Double> own = figures.figures();
    assertThat(
            percents(
                own.get("mean"),
                own.get("majority"),
                own.get("best"),
                own.get("weighted"),
                own.get("any")))
        .containsExactly("91.00", "93.00", "94.00", "94.00", "96.00");
    assertThat(figures.correctness().accuracy()).isEqualTo(own.get("best"));
  }

  @ParameterizedTest
  @CsvSource({
    "pandalm,                      67.39, 47.20",
    "judgebench-gpt-4o,            46.00, 55.14",
    "judgebench-claude-3.5-sonnet, 44.07, 52.96",
    "mt-bench-human,               69.25, 50.50",
    "faireval,                     59.09, 62.12",
    "llmeval2,                     61.25, 46.00"
  })
  void shouldKnowTheFloorsOfLengthAndPosition(String benchmark, String longer, String first)
      throws IOException {
    // Given
    List<Comparison> comparisons = Recordings.comparisons(benchmark);

    // When
    Map<String, Double> floors =
        Benchmark.named(benchmark).measure().apply(comparisons).baselines(comparisons);

    // Then
    assertThat(percents(floors.get("longer"), floors.get("first"))).containsExactly(longer, first);
  }

  @Test
  void shouldKnowTheFloorOfLengthOnRmBench() throws IOException {
    // Given
    List<Comparison> comparisons = Recordings.comparisons("rm-bench");

    // When
    Map<String, Double> floors = new MatrixMeasure().baselines(comparisons);

    // Then
    assertThat(
            Stream.of(
                    "chat.hard",
                    "chat.normal",
                    "chat.easy",
                    "code.hard",
                    "code.normal",
                    "code.easy")
                .map(name -> percent(floors.get("longer." + name), 1)))
        .containsExactly("2.6", "28.4", "81.1", "25.4", "51.9", "77.5");
    assertThat(comparisons).hasSize((129 + 228) * 9);
  }

  @Test
  void shouldReadTheOtherBenchmarksWhole() throws IOException {
    assertThat(Recordings.comparisons("hhh")).hasSize(221);
    assertThat(
            Recordings.comparisons("hhh").stream().filter(pair -> pair.source().equals("harmless")))
        .hasSize(58);
    List<Comparison> gsm8k = Recordings.comparisons("gsm8k");
    assertThat(gsm8k).hasSize(1_319).allMatch(one -> one.candidates().size() == 4);
    assertThat(gsm8k.stream().flatMap(one -> one.right().stream()).filter(right -> right))
        .hasSize(286 + 515 + 458 + 742);
  }

  @Test
  void shouldReadTheSixResponsesThatAreJsonBooleans() throws IOException {
    // When
    List<Comparison> comparisons = Recordings.comparisons("pandalm");

    // Then
    assertThat(
            comparisons.stream()
                .filter(
                    pair ->
                        pair.candidates().stream()
                            .anyMatch(candidate -> candidate.text().equals("True")))
                .map(Comparison::id))
        .containsExactly("157", "158", "159", "161", "162", "164");
  }

  private static List<String> percents(@Nullable Double... shares) {
    return Arrays.stream(shares).map(share -> percent(share, 2)).toList();
  }

  private static String percent(@Nullable Double share, int digits) {
    return String.format(
        Locale.ROOT, "%." + digits + "f", 100 * Objects.requireNonNull(share, "share"));
  }
}
