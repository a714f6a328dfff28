package io.urteil.cli.service;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.file.FileRoots;
import io.urteil.local.runfile.RunFileCheck;
import io.urteil.local.train.RunDirectory;
import io.urteil.run.DataSection;
import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil train}. */
@Command(
    name = "train",
    description = {
      "Trains the policy of a run file in this process, over real Kafka topics.",
      "Starts a broker, sampler, judge, topology and trainer, shows the run, and compares the first"
          + " and the last policy version. Everything that the file names is opened first; all"
          + " problems are listed at once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil train my-judge.yaml --report curve.json",
      "  urteil train ops/runs/j1-verdict.yaml --model HuggingFaceTB/SmolLM2-135M-Instruct"
          + " --data pairs.jsonl --steps 2",
      "  urteil train --resume                # resumes the newest run"
    })
public final class TrainCommand extends UrteilSubcommand {

  private static final Path ROOT = Path.of(".urteil", "train");
  private static final String NAME = "train";

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description = "The run file (YAML); with --resume the one of the run's directory.")
  private @Nullable Path file;

  @Mixin private RunFileOptions changes = new RunFileOptions();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Directory of the run (default: a new one under .urteil/train).")
  private @Nullable Path directory;

  @Option(
      names = "--resume",
      description = "Resume the run in --data-dir, or the newest run, from its last checkpoint.")
  private boolean resume;

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    RunDirectory home =
        RunHome.chosen(
            directory,
            resume,
            "run",
            () -> RunDirectory.newest(ROOT, NAME),
            () -> RunDirectory.unused(ROOT, NAME));
    RunFile run = resume ? resumed(home) : begun();
    run.requirePlugins();
    LocalTraining training = new LocalTraining(home, run, resumeCommand(home));
    RunFileCheck.require(named(home), run, FileRoots.any());
    if (!resume) {
      home.write(run);
    }
    return training.train(report, verbose(), output(), checkpoint -> next(home, run, checkpoint));
  }

  private RunFile begun() throws IOException {
    if (file == null) {
      throw usage("FILE: missing (expected: a run file, or --resume)");
    }
    RunFile run = RunFileReader.read(file.toString(), Files.readString(file));
    Path model = changes.model();
    return changes.applied(
        run, model == null ? null : NamedModels.ofProcess(errors()).directory("--model", model));
  }

  private RunFile resumed(RunDirectory home) {
    if (file != null || changes.isGiven()) {
      throw usage(
          "--resume: with FILE, --model, --data, --held-out or --steps (expected: none of them; a"
              + " run keeps its run file)");
    }
    return home.read();
  }

  private String named(RunDirectory home) {
    return file == null ? home.runFile().toString() : file.toString();
  }

  private String resumeCommand(RunDirectory home) {
    return "urteil train --resume --data-dir " + home.path();
  }

  private static List<String> next(RunDirectory home, RunFile run, Path checkpoint) {
    DataSection data = run.data();
    EvaluateSection evaluate = run.evaluate();
    String audit = "urteil audit %s --data-dir %s".formatted(run.run(), home.path());
    if (data == null || data.judgePrompt() == null) {
      return List.of(audit);
    }
    String benchmark = evaluate == null ? "pandalm" : "pairs --data " + evaluate.prompts();
    return List.of(
        "urteil evaluate %s --run-file %s --model %s"
            .formatted(benchmark, home.runFile(), checkpoint),
        audit);
  }
}
