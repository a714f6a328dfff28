package io.urteil.local.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.evaluation.BenchmarkEvaluation;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.report.EvaluationReport;
import io.urteil.local.JudgingCluster;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgeSection;
import io.urteil.testing.RandomModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Benchmarks judged over the topics by judges that look for themselves: one that scores by length,
 * whose figures are known from the data, the answer check, and small models of random weights.
 */
class BenchmarksIT extends JudgingCluster {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DATA = Path.of("../data").toAbsolutePath().normalize();
  private static final String LENGTH = "{type: %s}".formatted(LengthJudgeProvider.TYPE);

  @ParameterizedTest
  @CsvSource({"mt-bench-human, 69.25", "faireval, 59.09", "llmeval2, 61.25"})
  void shouldFindThatAJudgeOfLengthComesToTheFloorOfLength(String benchmark, String floor)
      throws IOException {
    // When
    EvaluationReport report = judged(benchmark, List.of(), LENGTH);

    // Then
    assertThat(percent(report.figures().correctness().accuracy(), 2)).isEqualTo(floor);
    assertThat(report.figures().correctness().accuracy()).isEqualTo(report.floors().get("longer"));
    assertThat(report.figures().preferences().longerPreference()).isEqualTo(1.0);
    assertThat(report.figures().preferences().flipRate()).isZero();
  }

  @Test
  void shouldFindTheEasyNormalAndHardFloorsOfRmBench() throws IOException {
    // When
    EvaluationReport report =
        judged("rm-bench", List.of(DATA.resolve("rm-bench/chat_filtered.json")), LENGTH);

    // Then
    Map<String, Double> own = own(report);
    assertThat(List.of("chat.hard", "chat.normal", "chat.easy"))
        .extracting(name -> percent(own.get(name), 1))
        .containsExactly("2.6", "28.4", "81.1");
  }

  @Test
  void shouldJudgeHelpfulHonestHarmlessPairs() throws IOException {
    // When
    EvaluationReport report = judged("hhh", List.of(), LENGTH);

    // Then
    assertThat(report.rulings().comparisons()).isEqualTo(221);
    assertThat(report.figures().correctness().accuracy()).isEqualTo(report.floors().get("longer"));
    assertThat(report.judges().firstEntry().getValue().slices())
        .containsOnlyKeys("harmless", "helpful", "honest", "other");
  }

  @Test
  void shouldFindTheBestOfFourOnGradeSchoolSumsByTheAnswerCheck() throws IOException {
    // Given
    int problems = 150;
    Path some = home().resolve("gsm8k.jsonl");
    List<String> lines =
        firstLines(DATA.resolve("gsm8k/example_model_solutions.jsonl.gz"), problems);
    Files.write(some, lines);
    int right = 0;
    int any = 0;
    for (String line : lines) {
      int ofThis = 0;
      for (JsonNode solution : JSON.readTree(line)) {
        ofThis += solution.path("is_correct").asBoolean() ? 1 : 0;
      }
      right += ofThis;
      any += ofThis > 0 ? 1 : 0;
    }

    // When
    EvaluationReport report = judged("gsm8k", List.of(some), "{type: answer, compare: number}");

    // Then
    Map<String, Double> own = own(report);
    assertThat(own.get("mean")).isEqualTo(right / (4.0 * problems));
    assertThat(own.get("any")).isEqualTo((double) any / problems);
    assertThat(own.get("best")).isEqualTo(own.get("any"));
    assertThat(report.figures().endings().failed()).isZero();
  }

  @Test
  void shouldWeighRewardBenchBySectionsAndHalveTies() throws IOException {
    // Given
    Path items = home().resolve("rewardbench.jsonl");
    Files.writeString(
        items,
        """
        {"id": 1, "prompt": "p", "chosen": "longer", "rejected": "short", "subset": "alpacaeval-easy"}
        {"id": 2, "prompt": "p", "chosen": "short", "rejected": "longer", "subset": "mt-bench-hard"}
        {"id": 3, "prompt": "p", "chosen": "equal", "rejected": "alike", "subset": "refusals-dangerous"}
        {"id": 4, "prompt": "p", "chosen": "longer", "rejected": "short", "subset": "math-prm"}
        {"id": 5, "prompt": "p", "chosen": "short", "rejected": "longer", "subset": "hep-java"}
        """);

    // When
    EvaluationReport report = judged("rewardbench", List.of(items), LENGTH);

    // Then
    Map<String, Double> own = own(report);
    assertThat(own.get("chat")).isEqualTo(1.0);
    assertThat(own.get("chatHard")).isZero();
    assertThat(own.get("safety")).isEqualTo(0.5);
    assertThat(own.get("reasoning")).isEqualTo(984.0 / (984 + 1));
    assertThat(report.figures().correctness().accuracy())
        .isEqualTo((1.0 + 0 + 0.5 + 984.0 / 985) / 4);
  }

  @Test
  void shouldShareTheCreditOfATiedTopOnRewardBench2() throws IOException {
    // Given
    Path items = home().resolve("rewardbench-2.jsonl");
    Files.writeString(
        items,
        """
        {"id": "1", "prompt": "p", "chosen": ["longest"], "rejected": ["a", "bb", "ccc"], "subset": "Math"}
        {"id": "2", "prompt": "p", "chosen": ["seven77"], "rejected": ["a", "also-77", "ccc"], "subset": "Math"}
        {"id": "3", "prompt": "p", "chosen": ["a"], "rejected": ["bb", "c", "d"], "subset": "Focus"}
        """);

    // When
    EvaluationReport report = judged("rewardbench-2", List.of(items), LENGTH);

    // Then
    assertThat(own(report)).containsEntry("Math", 0.75).containsEntry("Focus", 0.0);
    assertThat(report.figures().correctness().accuracy()).isEqualTo(0.375);
  }

  @Test
  void shouldHaveModelsJudgeWhetherTheyScoreCompareOrWeighTheNextToken() throws IOException {
    // Given
    Path chat = RandomModel.writeChat(home().resolve("chat/model"));
    Path scalar = RandomModel.writeScalar(home().resolve("scalar/model"));
    Path pairs = home().resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "1", "question": "1+1?", "a": "2", "b": "3", "better": "A"}
        {"id": "2", "question": "Name a colour.", "a": "Four.", "b": "Red, for one.", "better": "B"}
        {"id": "3", "question": "2+2?", "a": "It is 4.", "b": "It is 5.", "better": "A"}
        """);
    String compares = "type: tournament, orders: given, model: '%s'".formatted(chat);

    // When
    EvaluationReport scored =
        judged("pairs", List.of(pairs), "{type: scalar, model: '%s'}".formatted(scalar));
    EvaluationReport written =
        judged(
            "pairs",
            List.of(pairs),
            "{%s, prompt: pairwise-with-tie, maxTokens: 4}".formatted(compares));
    EvaluationReport weighed =
        judged(
            "pairs",
            List.of(pairs),
            "{%s, prompt: self-judge, read: probabilities, rating: mean-score}"
                .formatted(compares));
    EvaluationReport abstained =
        judged(
            "pairs",
            List.of(pairs),
            "{%s, prompt: self-judge, read: probabilities, leastMass: 0.99}".formatted(compares));

    // Then
    assertThat(List.of(scored, written, weighed, abstained))
        .allSatisfy(report -> assertThat(report.rulings().comparisons()).isEqualTo(3));
    assertThat(List.of(scored, weighed, abstained))
        .allSatisfy(report -> assertThat(report.figures().endings().failed()).isZero());
    assertThat(scored.figures().preferences().flipRate()).isZero();
    assertThat(List.of(scored, weighed))
        .allSatisfy(
            report -> {
              assertThat(report.figures().endings().unparseable()).isZero();
              assertThat(report.figures().correctness().strictAccuracy()).isBetween(0.0, 1.0);
              assertThat(report.figures().preferences().firstPreference()).isNotNull();
            });
    // Each answer is cut off after four tokens.
    assertThat(written.figures().endings().failed()).isEqualTo(1.0);
    assertThat(abstained.figures().endings().abstained()).isEqualTo(1.0);
  }

  private static List<String> firstLines(Path gzip, int count) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(gzip)), StandardCharsets.UTF_8))) {
      return reader.lines().limit(count).toList();
    }
  }

  private static Map<String, Double> own(EvaluationReport report) {
    return report.judges().firstEntry().getValue().figures();
  }

  private static String percent(@Nullable Double share, int digits) {
    return String.format(
        Locale.ROOT, "%." + digits + "f", 100 * Objects.requireNonNull(share, "share"));
  }

  private static EvaluationReport judged(String benchmark, List<Path> data, String judge)
      throws IOException {
    BenchmarkEvaluation evaluation =
        BenchmarkEvaluation.of(
            BenchmarkItems.read(Benchmark.named(benchmark), data, null),
            null,
            1,
            "judge",
            section(judge),
            null);
    evaluation.judge(place(), false, Optional::empty, done -> {});
    return evaluation.report(List.of("test"), "test", null);
  }

  /** A judge as a run file has it. */
  private static JudgeSection section(String judge) {
    String text =
        """
        run: judge
        judges: { judge: %s }
        reward: { rule: correct, unparseable: 0 }
        batch: { kind: none }
        """
            .formatted(judge);
    return RunFileReader.read("judge", text).judges().firstEntry().getValue();
  }
}
