package io.urteil.cli.service;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.local.demo.Demo;
import io.urteil.local.demo.DemoDirectory;
import io.urteil.local.demo.DemoReportText;
import io.urteil.local.demo.DemoSettings;
import io.urteil.local.view.RunView;
import io.urteil.run.RunFile;
import io.urteil.service.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil demo}. */
@Command(
    name = "demo",
    description = {
      "Trains a small reasoning judge to check sums, over real Kafka topics, in this process.",
      "Starts a broker, sampler, judge, topology and trainer, shows the run, and compares the first"
          + " and the last policy version."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil demo",
      "  urteil demo --steps 160 --learning-rate 1e-4 --seed 2 --report demo.json",
      "  urteil demo --lag 4 --learning-rate 3e-4 --steps 100",
      "  urteil demo --lag 4 --learning-rate 3e-4 --steps 100 --ablate behaviour-logprobs",
      "  urteil demo --resume                 # resumes the newest demo"
    })
public final class DemoCommand extends UrteilSubcommand {

  /** Ingredients of the objective that an ablation can omit. */
  enum Ablation {
    BEHAVIOUR_LOGPROBS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final Path ROOT = Path.of(".urteil", "demo");

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "60",
      description = "Policy updates to make (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of problems and sampling (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--lag",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Sample each batch with weights exactly K versions old; 0 waits for every update"
              + " (default: ${DEFAULT-VALUE}).")
  private int lag;

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      defaultValue = "3e-5",
      description = "Learning rate of AdamW (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      defaultValue = "10",
      description = "Versions between two held-out evaluations (default: ${DEFAULT-VALUE}).")
  private int evaluateEvery;

  @Option(
      names = "--ablate",
      paramLabel = "NAME",
      description = "Ablation to run, one of: ${COMPLETION-CANDIDATES}.")
  private @Nullable Ablation ablation;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Directory of the run (default: a new one under .urteil/demo).")
  private @Nullable Path directory;

  @Option(
      names = "--resume",
      description = "Resume the run in --data-dir, or the newest demo, from its last checkpoint.")
  private boolean resume;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    Path home = home();
    RunFile run = resume ? DemoDirectory.resume(home) : DemoDirectory.create(settings(home));
    LogOutput.toFileOnly(home.resolve("urteil.log"), verbose());
    PrintWriter out = output();
    out.println("starting broker and components; data in " + home);
    try (StopSignal signal = new StopSignal(() -> out.println("stopping…"))) {
      Optional<Demo.Result> result;
      try (RunView view = RunView.onStandardOutput()) {
        result = new Demo(home, run).run(view::printLine, view::show, signal::isGiven);
      }
      if (result.isEmpty()) {
        out.println("stopped; to resume: urteil demo --resume --data-dir " + home);
        return signal.exitCode();
      }
      DemoReportText.print(result.get(), out);
      report.write(result.get().report());
      return ExitCode.OK;
    }
  }

  private DemoSettings settings(Path home) {
    boolean behaviourLogprobs = ablation != Ablation.BEHAVIOUR_LOGPROBS;
    return new DemoSettings(steps, seed, lag, learningRate, behaviourLogprobs, evaluateEvery, home);
  }

  private Path home() {
    Path chosen =
        directory != null
            ? directory
            : resume ? DemoDirectory.newest(ROOT) : DemoDirectory.unused(ROOT);
    Path home = chosen.toAbsolutePath().normalize();
    boolean started = DemoDirectory.isStarted(home);
    if (resume && !started) {
      throw new IllegalArgumentException(
          "--resume: no demo in " + home + " (expected: the directory of a demo)");
    }
    if (!resume && started) {
      throw new IllegalArgumentException(
          "--data-dir: " + home + " contains a demo (expected: an empty directory, or --resume)");
    }
    return home;
  }
}
