package io.urteil.cli.service;

import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.local.demo.DemoDirectory;
import io.urteil.local.demo.DemoSettings;
import io.urteil.local.train.RunDirectory;
import io.urteil.run.RunFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
  private static final String NAME = "demo";

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
    RunDirectory home =
        RunHome.chosen(
            directory,
            resume,
            "demo",
            () -> RunDirectory.newest(ROOT, NAME),
            () -> RunDirectory.unused(ROOT, NAME));
    RunFile run = resume ? home.read() : DemoDirectory.create(settings(home.path()));
    return new LocalTraining(home, run, "urteil demo --resume --data-dir " + home.path())
        .train(
            report,
            verbose(),
            output(),
            checkpoint ->
                List.of(
                    "urteil evaluate arithmetic --model " + checkpoint,
                    "urteil audit %s --data-dir %s".formatted(run.run(), home.path())));
  }

  private DemoSettings settings(Path home) {
    boolean behaviourLogprobs = ablation != Ablation.BEHAVIOUR_LOGPROBS;
    return new DemoSettings(steps, seed, lag, learningRate, behaviourLogprobs, evaluateEvery, home);
  }
}
