package io.urteil.cli.judging;

import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.BenchmarkEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which judge is evaluated: one of a run file, a model directory, or recorded verdicts. */
final class EvaluatedJudgeOptions {

  @Option(
      names = "--recorded",
      paramLabel = "FILE",
      description = "Verdicts that judges gave before; all judges of the file, or --judge.")
  private @Nullable Path recorded;

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description =
          "Judge of --run-file or of --recorded; without either, a run file of ops/runs (default:"
              + " the judge that the run's reward pays).")
  private @Nullable String judge;

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      description = "Run file that describes the judge.")
  private @Nullable Path runFile;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Model directory of the judge: in place of the run file's, or by itself (default: the"
              + " run file's).")
  private @Nullable Path model;

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description =
          "Judge prompt for --model without a run file, by name or file (default: judge-prompt.yaml"
              + " in the model directory).")
  private @Nullable String prompt;

  @Option(
      names = "--weights",
      paramLabel = "PRECISION",
      description =
          "Numbers that the judge's weights are kept as: f32 or int8 (default: the run file's, else"
              + " f32).")
  private @Nullable WeightPrecision weights;

  /**
   * The evaluation of that judge on a benchmark.
   *
   * @throws IllegalArgumentException when options exclude each other, or no judge is named
   */
  BenchmarkEvaluation evaluation(BenchmarkOptions benchmark) throws IOException {
    if (recorded != null) {
      if (runFile != null || model != null || prompt != null || weights != null) {
        throw new IllegalArgumentException(
            "--recorded: %s (expected: without --run-file, --model, --prompt and --weights)"
                .formatted(recorded));
      }
      return BenchmarkEvaluation.ofRecorded(
          benchmark.named(),
          benchmark.data(),
          benchmark.orders(),
          benchmark.seed(),
          recorded,
          judge);
    }
    EvaluatedJudge evaluated = evaluatedJudge();
    return BenchmarkEvaluation.of(
        benchmark.named(),
        benchmark.data(),
        benchmark.orders(),
        benchmark.seed(),
        evaluated.name(),
        evaluated.section(),
        evaluated.reward());
  }

  private EvaluatedJudge evaluatedJudge() throws IOException {
    if (runFile != null || judge != null) {
      if (prompt != null) {
        throw new IllegalArgumentException(
            "--prompt: '%s' (expected: with --model alone, since the run file names its prompt)"
                .formatted(prompt));
      }
      return EvaluatedJudge.ofRunFile(runFile, judge, model, weights);
    }
    if (model == null) {
      throw new IllegalArgumentException(
          "the judge is missing (expected: --recorded FILE, --run-file FILE, --judge NAME or"
              + " --model DIR)");
    }
    return EvaluatedJudge.ofModel(model, prompt, weights);
  }
}
