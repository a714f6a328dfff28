package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
              + " evaluate of --recorded-verdicts, and repeated for several judges; in probe a"
              + " comparison of answers: number, text, math or choice.")
  private List<String> judges = new ArrayList<>();

  @Option(
      names = "--run-file",
      paramLabel = "FILE",
      description =
          "Run file that describes the judge; --model replaces its model, and the other options"
              + " their keys.")
  private @Nullable Path runFile;

  @Mixin private VerdictOptions verdicts = new VerdictOptions();

  /**
   * The name given by {@code --judge}; null without one.
   *
   * @throws IllegalArgumentException for several names
   */
  @Nullable String name() {
    if (judges.size() > 1) {
      throw new IllegalArgumentException(
          "--judge: %s (expected: one)".formatted(VerdictOptions.join(judges)));
    }
    return judges.isEmpty() ? null : judges.getFirst();
  }

  /** All names given by {@code --judge}, in their order. */
  List<String> names() {
    return List.copyOf(judges);
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
   * @throws IllegalArgumentException if options exclude each other, or no judge or several are
   *     selected
   */
  EvaluatedJudge judge(NamedModels models) throws IOException {
    return judge(name(), verdicts.directory(models));
  }

  /**
   * All selected judges by the name in a report: each judge with the model, if there is one, or the
   * one judge with each model.
   *
   * @throws IllegalArgumentException if options exclude each other, no judge is selected, or one is
   *     selected twice
   */
  SequencedMap<String, EvaluatedJudge> judges(NamedModels models) throws IOException {
    List<Path> directories = verdicts.directories(models);
    if (judges.size() > 1 && directories.size() > 1) {
      throw new IllegalArgumentException(
          "--model: %d models with %d of --judge (expected: several of only one of these options)"
              .formatted(directories.size(), judges.size()));
    }
    List<EvaluatedJudge> selected = new ArrayList<>();
    List<String> details = new ArrayList<>();
    for (@Nullable String name : orNull(judges)) {
      for (@Nullable Path directory : orNull(directories)) {
        selected.add(judge(name, directory));
        details.add(directories.size() > 1 ? String.valueOf(directory) : String.valueOf(name));
      }
    }
    return byLabel(selected, details, directories.size() > 1 ? "--model" : "--judge");
  }

  /** The names in a report: those of the run files; if these are equal, what was given. */
  private static SequencedMap<String, EvaluatedJudge> byLabel(
      List<EvaluatedJudge> selected, List<String> details, String option) {
    SequencedMap<String, EvaluatedJudge> byLabel = new LinkedHashMap<>();
    for (int i = 0; i < selected.size(); i++) {
      EvaluatedJudge judge = selected.get(i);
      boolean unique =
          selected.stream().filter(other -> other.name().equals(judge.name())).count() == 1;
      if (byLabel.put(unique ? judge.name() : details.get(i), judge) != null) {
        throw new IllegalArgumentException(
            "%s: '%s' twice (expected: each judge once)".formatted(option, details.get(i)));
      }
    }
    return byLabel;
  }

  private static <T> List<@Nullable T> orNull(List<T> values) {
    return values.isEmpty() ? Collections.singletonList(null) : new ArrayList<>(values);
  }

  private EvaluatedJudge judge(@Nullable String judge, @Nullable Path directory)
      throws IOException {
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
