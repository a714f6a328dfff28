package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that select a judge: of a run file, or of a model with a judge prompt. */
final class EvaluatedJudgeOptions {

  @Option(
      names = "--judge",
      paramLabel = "NAME",
      description =
          "Judge of --run-file (default: its primary judge) or of a run file of ops/runs; in"
              + " evaluate of --recorded-verdicts; in probe a comparison of answers: number, text,"
              + " math or choice.")
  private @Nullable String judge;

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      description =
          "Run file that describes the judge; --model replaces its model, and the other options"
              + " their keys.")
  private @Nullable Path runFile;

  @Mixin private VerdictOptions verdicts = new VerdictOptions();

  /** The name given by {@code --judge}; null without one. */
  @Nullable String name() {
    return judge;
  }

  /** Whether a run file, a model or a prompt is given. */
  boolean namesModel() {
    return runFile != null || verdicts.isModelOrPromptGiven();
  }

  VerdictOptions verdicts() {
    return verdicts;
  }

  /**
   * Rejects all options except {@code --judge}, {@code --orders} and {@code --seed}.
   *
   * @param option the option that excludes them
   */
  void requireOnlyName(String option) {
    if (runFile != null) {
      throw new IllegalArgumentException(
          "--run-file: %s (expected: without %s)".formatted(runFile, option));
    }
    verdicts.requireOnlyOrdersAndSeed(option);
  }

  /**
   * The selected judge.
   *
   * @throws IllegalArgumentException if options exclude each other, or no judge is selected
   */
  EvaluatedJudge judge(NamedModels models) throws IOException {
    Path directory = verdicts.directory(models);
    if (runFile != null || judge != null) {
      if (verdicts.prompt() != null) {
        throw new IllegalArgumentException(
            "--prompt: '%s' (expected: only with --model alone; the run file names its own prompt)"
                .formatted(verdicts.prompt()));
      }
      return verdicts.applyTo(EvaluatedJudge.ofRunFile(runFile, judge, directory));
    }
    if (directory == null) {
      throw new IllegalArgumentException(
          "no judge (expected: --run-file FILE, --judge NAME or --model NAME|DIR)");
    }
    return verdicts.judge(directory);
  }
}
