package io.urteil.local.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.BenchmarkEvaluation;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.report.EvaluationReport;
import io.urteil.local.JudgingCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Recorded judges through prompts, rollouts, groups and judgements, as any other judge goes. */
class BenchmarkEvaluationIT extends JudgingCluster {

  private static final Path DATA = Path.of("../data").toAbsolutePath().normalize();

  @Test
  void shouldFindTheFiguresOfRecordedJudgesThroughTheTopics() throws IOException {
    // When
    EvaluationReport gpt = judged("pandalm", "pandalm/gpt-3.5-turbo-testset-v1.json");
    EvaluationReport pandaLm = judged("pandalm", "pandalm/pandalm-7b-testset-v1.json");
    EvaluationReport math = judged("math-bon8", "math-bon8/math_cot_100.jsonl.gz");
    EvaluationReport claude =
        judged("judgebench-claude-3.5-sonnet", "judgebench/recorded-verdicts.jsonl");

    // Then
    assertThat(macro(gpt)).containsExactly("71.07", "58.79", "57.36", "57.55");
    assertThat(macro(pandaLm)).containsExactly("66.77", "57.38", "57.50", "57.43");
    assertThat(own(math, "mean", "majority", "best", "weighted", "any"))
        .containsExactly("91.00", "93.00", "94.00", "94.00", "96.00");
    assertThat(own(claude, "correct", "sumZero", "givenOrder", "bothOrders", "flipped"))
        .containsExactly("32.22", "38.52", "29.63", "14.07", "50.00");
    assertThat(claude.subject().judge()).isEqualTo("claude-3-haiku-20240307");
    assertThat(claude.figures().endings().unparseable()).isEqualTo(13 / 540.0);
  }

  @Test
  void shouldNotJudgeAgainWhatIsOnTheLogAndCountItsOwnItems() throws IOException {
    // Given
    Path pairs = home().resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "x", "question": "1+1?", "a": "2", "b": "3", "better": "A"}
        {"id": "y", "question": "1+2?", "a": "2", "b": "3", "better": "B"}
        """);
    Path verdicts = home().resolve("verdicts.jsonl");
    Files.writeString(
        verdicts,
        """
        {"id": "x", "order": "AB", "verdict": "A", "judge": "j"}
        {"id": "x", "order": "BA", "verdict": "A", "judge": "j"}
        {"id": "y", "order": "AB", "verdict": "B", "judge": "j", "text": "B!"}
        {"id": "y", "order": "BA", "verdict": "abstained", "judge": "j"}
        """);

    // When
    EvaluationReport first = judged(pairs, verdicts);
    BenchmarkEvaluation evaluation = evaluation(pairs, verdicts);
    EvaluationReport second = judged(evaluation);
    Path items = home().resolve("items.jsonl");
    evaluation.writeItems(items);
    EvaluationReport ofItems = judged(pairs, items);

    // Then
    assertThat(first.progress().alreadyJudged()).isZero();
    assertThat(second.progress().alreadyJudged()).isEqualTo(4);
    assertThat(List.of(first, second, ofItems))
        .allSatisfy(
            report -> {
              assertThat(report.figures().correctness().accuracy()).isEqualTo(0.5);
              assertThat(report.figures().preferences().flipRate()).isEqualTo(1.0);
              assertThat(report.figures().endings().abstained()).isEqualTo(0.25);
              assertThat(report.figures().preferences().firstPreference()).isEqualTo(2.0 / 3);
            });
    assertThat(ofItems.progress().alreadyJudged()).isZero();
  }

  @Test
  void shouldSayThatARecordedJudgeFailedWhereNothingIsRecorded() throws IOException {
    // Given
    Path pairs = home().resolve("two.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "x", "question": "1+1?", "a": "2", "b": "3", "better": "A"}
        {"id": "z", "question": "1+2?", "a": "2", "b": "3", "better": "B"}
        """);
    Path verdicts = home().resolve("one.jsonl");
    Files.writeString(verdicts, "{\"id\": \"x\", \"verdict\": \"A\", \"judge\": \"j\"}\n");

    // When
    EvaluationReport report = judged(pairs, verdicts);

    // Then
    assertThat(report.figures().endings().failed()).isEqualTo(0.5);
    assertThat(report.figures().correctness().accuracy()).isEqualTo(0.5);
    assertThat(report.figures().endings().unparseable()).isZero();
  }

  private static List<String> macro(EvaluationReport report) {
    return java.util.stream.Stream.of(
            report.figures().correctness().accuracy(),
            report.figures().correctness().macroPrecision(),
            report.figures().correctness().macroRecall(),
            report.figures().correctness().macroF1())
        .map(BenchmarkEvaluationIT::percent)
        .toList();
  }

  private static List<String> own(EvaluationReport report, String... names) {
    Map<String, Double> own = report.judges().firstEntry().getValue().figures();
    return java.util.Arrays.stream(names).map(name -> percent(own.get(name))).toList();
  }

  private static String percent(@Nullable Double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * Objects.requireNonNull(share, "share"));
  }

  private static EvaluationReport judged(String benchmark, String recorded) throws IOException {
    return judged(
        BenchmarkEvaluation.ofRecorded(
            BenchmarkItems.read(Benchmark.named(benchmark), List.of(), null),
            null,
            1,
            DATA.resolve(recorded),
            List.of()));
  }

  private static EvaluationReport judged(Path pairs, Path verdicts) throws IOException {
    return judged(evaluation(pairs, verdicts));
  }

  private static BenchmarkEvaluation evaluation(Path pairs, Path verdicts) throws IOException {
    return BenchmarkEvaluation.ofRecorded(
        BenchmarkItems.read(Benchmark.named("pairs"), List.of(pairs), null),
        null,
        1,
        verdicts,
        List.of());
  }

  private static EvaluationReport judged(BenchmarkEvaluation evaluation) throws IOException {
    evaluation.judge(place(), false, Optional::empty, done -> {});
    return evaluation.report(List.of("test"), "test", null);
  }
}
