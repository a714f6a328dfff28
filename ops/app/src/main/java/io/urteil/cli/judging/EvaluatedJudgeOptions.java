package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Model.Remote;
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

  @Option(
      names = "--server",
      paramLabel = "NAME|URL",
      description =
          "Server with the judge's model, in place of --model: one that --servers declares, or the"
              + " URL of one with the OpenAI protocol.")
  private @Nullable String server;

  @Option(
      names = "--server-model",
      paramLabel = "NAME",
      description = "Name of the model on a server that --server gives by its URL.")
  private @Nullable String serverModel;

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
    return runFile != null || server != null || verdicts.isModelOrPromptGiven();
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
    if (server != null) {
      throw new IllegalArgumentException(
          "--server: %s (expected: without %s)".formatted(server, option));
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
    Remote remote = remote();
    if (remote != null && directory != null) {
      throw new IllegalArgumentException(
          "--model: %s (expected: without --server; --server-model names the model of a URL)"
              .formatted(directory));
    }
    if (runFile != null || judge != null) {
      if (verdicts.prompt() != null) {
        throw new IllegalArgumentException(
            "--prompt: '%s' (expected: only with --model alone; the run file names its own prompt)"
                .formatted(verdicts.prompt()));
      }
      EvaluatedJudge described = EvaluatedJudge.ofRunFile(runFile, judge, directory);
      return verdicts.applyTo(remote == null ? described : described.withServer(remote));
    }
    if (remote != null) {
      return verdicts.judge(remote);
    }
    if (directory == null) {
      throw new IllegalArgumentException(
          "no judge (expected: --run-file FILE, --judge NAME, --model NAME|DIR or --server"
              + " NAME|URL)");
    }
    return verdicts.judge(directory);
  }

  /** The server of {@code --server}; null without one. */
  private @Nullable Remote remote() {
    if (server == null) {
      if (serverModel != null) {
        throw new IllegalArgumentException(
            "--server-model: '%s' (expected: together with --server URL)".formatted(serverModel));
      }
      return null;
    }
    if (server.matches(Remote.NAME)) {
      if (serverModel != null) {
        throw new IllegalArgumentException(
            "--server-model: '%s' (expected: only with a URL; the servers file names the model of"
                    .formatted(serverModel)
                + " '%s')".formatted(server));
      }
      return new JudgePanel.Model.NamedServer(server);
    }
    if (!server.matches("https?://\\S+")) {
      throw new IllegalArgumentException(
          "--server: '%s' (expected: the name of a server that --servers declares, or an http or"
                  .formatted(server)
              + " https URL)");
    }
    if (serverModel == null) {
      throw new IllegalArgumentException(
          "--server-model: missing (expected: the name of the model at %s)".formatted(server));
    }
    return JudgePanel.Model.Server.of(server, serverModel);
  }
}
