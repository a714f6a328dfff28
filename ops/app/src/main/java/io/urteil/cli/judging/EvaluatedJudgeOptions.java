package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.BenchmarkEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Options that select the judge to evaluate: of a run file, a model directory, or recorded
 * verdicts.
 */
final class EvaluatedJudgeOptions {

  @Option(
      names = "--recorded-verdicts",
      paramLabel = "FILE",
      description = "Recorded verdicts of judges: all judges of the file, or --judge.")
  private @Nullable Path recorded;

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description =
          "Judge of --run-file or --recorded-verdicts; without either, a run file of ops/runs"
              + " (default: the primary judge of the run).")
  private @Nullable String judge;

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      description = "Run file that describes the judge.")
  private @Nullable Path runFile;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      description =
          "Model of the judge, a directory or a name on the hub: replaces that of the run file, or is used without one"
              + " (default: that of the run file).")
  private @Nullable Path model;

  @Option(
      names = "--prompt",
      paramLabel = "NAME",
      description =
          "Judge prompt of --model without a run file, by name or file (default: judge-prompt.yaml"
              + " in the model directory).")
  private @Nullable String prompt;

  @Option(
      names = "--weights",
      paramLabel = "PRECISION",
      description =
          "Precision of the judge's weights: f32 or int8 (default: that of the run file, else"
              + " f32).")
  private @Nullable WeightPrecision weights;

  /**
   * The evaluation of the selected judge on a benchmark.
   *
   * @throws IllegalArgumentException if options exclude each other, or no judge is selected
   */
  BenchmarkEvaluation evaluation(BenchmarkOptions benchmark, NamedModels models)
      throws IOException {
    if (recorded != null) {
      if (runFile != null || model != null || prompt != null || weights != null) {
        throw new IllegalArgumentException(
            "--recorded-verdicts: %s (expected: without --run-file, --model, --prompt and --weights)"
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
    EvaluatedJudge evaluated = evaluatedJudge(models);
    models.requireCached(evaluated.section());
    return BenchmarkEvaluation.of(
        benchmark.named(),
        benchmark.data(),
        benchmark.orders(),
        benchmark.seed(),
        evaluated.name(),
        evaluated.section(),
        evaluated.reward());
  }

  private EvaluatedJudge evaluatedJudge(NamedModels models) throws IOException {
    Path directory = model == null ? null : models.directory("--model", model);
    if (runFile != null || judge != null) {
      if (prompt != null) {
        throw new IllegalArgumentException(
            "--prompt: '%s' (expected: only with --model alone; the run file names its own prompt)"
                .formatted(prompt));
      }
      return EvaluatedJudge.ofRunFile(runFile, judge, directory, weights);
    }
    if (directory == null) {
      throw new IllegalArgumentException(
          "no judge (expected: --recorded-verdicts FILE, --run-file FILE, --judge NAME or"
              + " --model NAME|DIR)");
    }
    return EvaluatedJudge.ofModel(directory, prompt, weights);
  }
}
