package io.urteil.bench.precision;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.DirectEvaluation;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgeSection;
import io.urteil.worker.JudgeWorkerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionBenchTest {

  private static final int PAIRS = 12;

  @Test
  void shouldFindNoChangeBetweenTwoRunsWithTheSameWeights(@TempDir Path directory)
      throws Exception {
    // Given
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);
    PrecisionBench bench =
        new PrecisionBench(
            DirectEvaluation.of(
                BenchmarkItems.read(Benchmark.named("arithmetic"), List.of(), PAIRS), null),
            model,
            JudgeWorkerSettings.defaults());
    JudgeSection judge = judge(directory, model);
    List<Long> progress = new ArrayList<>();

    // When
    PrecisionBench.Side one = bench.judge(judge, WeightPrecision.F32, progress::add);
    PrecisionBench.Side other = bench.judge(judge, WeightPrecision.F32, done -> {});
    PrecisionReport report = bench.report(one, other);

    // Then
    assertThat(progress).hasSize(2 * PAIRS).isSorted().endsWith(2L * PAIRS);
    assertThat(report.verdicts().comparisons())
        .isEqualTo(2 * PAIRS)
        .isEqualTo(bench.comparisons(judge));
    assertThat(report.verdicts().failed()).isZero();
    assertThat(report.verdicts().changed()).isZero();
    assertThat(report.verdicts().textsChanged()).isZero();
    assertThat(report.scores().scoreChangeMax()).isZero();
    assertThat(report.scores().scoreGapMean()).isPositive();
    assertThat(report.accuracies().int8Accuracy()).isEqualTo(report.accuracies().f32Accuracy());
    assertThat(report.sides().int8WeightBytes()).isEqualTo(report.sides().f32WeightBytes());
  }

  /** The seed judge, asked as its judge-prompt.yaml says. */
  private static JudgeSection judge(Path directory, Path model) throws Exception {
    Path prompt = directory.resolve("prompt.yaml");
    Files.writeString(
        prompt,
        """
        name: sums
        version: 1
        system: none
        source: judge-prompt.yaml of the seed judge
        format: think-answer-scores
        maxTokens: 58
        text: "{{question}}?A{{answerA}}B{{answerB}}"
        """);
    return RunFileReader.read(
            "run file",
            """
            run: sums
            judges:
              mine: {type: tournament, model: %s, prompt: %s, orders: given}
            reward: {rule: correct, unparseable: 0}
            batch: {kind: none}
            """
                .formatted(model, prompt))
        .judges()
        .firstEntry()
        .getValue();
  }
}
