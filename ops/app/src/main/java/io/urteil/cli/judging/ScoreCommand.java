package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ProgressLine;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.engine.WeightPrecision;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.file.FileRoots;
import io.urteil.local.runfile.RunFileChanges;
import io.urteil.local.runfile.RunFileCheck;
import io.urteil.local.score.ScoreFile;
import io.urteil.local.score.ScoreReport;
import io.urteil.local.score.ScoringRun;
import io.urteil.local.score.ScoringSession;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil score}. */
@Command(
    name = "score",
    description = {
      "Scores model outputs: streams a file of responses through judges and topology.",
      "Input is JSON lines, plain or gzip: {\"prompt\", \"responses\": [text or {\"text\","
          + " \"model\", \"recorded\"}], \"reference\"}. Recorded solutions of GSM8K and sampled"
          + " solutions of maths evaluations are accepted too.",
      "Without --bootstrap, starts a broker, a judge worker and a topology in this process."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil score ops/data/gsm8k/example_model_solutions.jsonl.gz --report score.json",
      "  urteil score ops/data/math-bon8/math_cot_100.jsonl.gz --run ops/runs/math-answers.yaml",
      "  urteil score answers.jsonl --run my-judge.yaml --out rewards.jsonl",
      "  urteil score answers.jsonl --run ops/runs/rrm-elo.yaml --model models/mine",
      "  urteil score answers.jsonl --run ops/runs/rrm-elo.yaml --model models/mine --votes 1"
          + " --weights int8 --limit 10",
      "  my-sampler | urteil score - --bootstrap kafka.example:9092"
    })
public final class ScoreCommand extends UrteilSubcommand {

  @Parameters(paramLabel = "FILE", description = "JSON lines to score; - for standard input.")
  private String input = "";

  @Option(
      names = "--run",
      paramLabel = "FILE",
      description =
          "Run file with judge, reward and advantage (default: the packaged"
              + " ops/runs/gsm8k-answers.yaml).")
  private @Nullable Path runFile;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      description =
          "Model of all judges with a model in a process of the service, a directory or a name on"
              + " the hub (default: those of the run file).")
  private @Nullable Path model;

  @Option(
      names = "--prompt",
      paramLabel = "NAME|FILE",
      description =
          "Judge prompt, by name or file, of all judges that take a prompt of its kind: pointwise,"
              + " pairwise or listwise (default: those of the run file).")
  private @Nullable String prompt;

  @Mixin private PanelOptions panel = new PanelOptions();

  @Option(
      names = "--weights",
      paramLabel = "PRECISION",
      description =
          "Precision of the weights: f32 or int8 (default: that of the run file, else f32).")
  private @Nullable WeightPrecision weights;

  @Mixin private LimitOption limit = new LimitOption();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write rewards and advantages to this file, one JSON line per prompt.")
  private @Nullable Path out;

  @Mixin private ClusterChoice cluster = new ClusterChoice();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    RunFile run = changed(ScoringRun.named(runFile));
    if (cluster.isEmbedded()) {
      RunFileCheck.requireJudges(
          runFile == null ? run.run() : runFile.toString(), run, FileRoots.any());
    }
    LogOutput.toFileOnly(cluster.home().resolve("urteil.log"), verbose());
    long total = total();
    try (ScoreFile lines = new ScoreFile(input, stream(), limit.items());
        ClusterChoice.Open open = cluster.open()) {
      try (EventProducer producer = EventProducer.idempotent(open.namespace())) {
        RunRegistry.publish(producer, run);
      }
      return score(open.namespace(), run, lines, total);
    }
  }

  /** The run with the options that replace keys of its judges. */
  private RunFile changed(RunFile run) throws IOException {
    RunFile changed = run;
    if (model != null) {
      changed = RunFileChanges.withModel(changed, cluster.isEmbedded() ? embedded(model) : model);
    }
    if (prompt != null) {
      changed = RunFileChanges.withPrompt(changed, prompt);
    }
    if (weights != null) {
      changed = RunFileChanges.withWeights(changed, Weights.valueOf(weights.name()));
    }
    return panel.applyTo(changed);
  }

  /** The number of prompts; 0 if it is not known, as of standard input. */
  private long total() throws IOException {
    Integer most = limit.items();
    if (input.equals("-")) {
      return 0;
    }
    long lines = ScoreFile.count(stream());
    return most == null ? lines : Math.min(most, lines);
  }

  private Path embedded(Path named) throws IOException {
    return NamedModels.ofProcess(errors()).directory("--model", named).toAbsolutePath().normalize();
  }

  private int score(Namespace namespace, RunFile run, ScoreFile lines, long total)
      throws IOException {
    ScoringSession scoring = new ScoringSession(namespace, run);
    PrintWriter output = output();
    ScoreReport figures;
    try (ProgressLine count = new ProgressLine(output, "groups scored", total);
        Writer rewards = out == null ? null : Files.newBufferedWriter(out)) {
      figures = scoring.score(lines, rewards, count::show);
    }
    scoring.disagreements().forEach(output::println);
    output.println(
        "%d prompts, %d complete; %d responses in %.1f s, %.0f/s; %d without a reward"
            .formatted(
                figures.groups(),
                figures.completeGroups(),
                figures.rollouts(),
                figures.seconds(),
                figures.rolloutsPerSecond(),
                figures.unpaid()));
    figures
        .meanReward()
        .forEach((model, mean) -> output.println("  %-24s %.4f".formatted(model, mean)));
    output.println(
        "%d disagreements with the recorded judgements".formatted(figures.disagreements()));
    scoring
        .reasons()
        .forEach((reason, count) -> warn("%d without a reward: %s".formatted(count, reason)));
    report.write(figures);
    if (figures.rollouts() > 0 && figures.unpaid() >= figures.rollouts()) {
      warn("no response has a reward");
      return ExitCode.FAILED;
    }
    return ExitCode.OK;
  }

  private InputStream stream() throws IOException {
    if (input.equals("-")) {
      return System.in;
    }
    try {
      return Files.newInputStream(Path.of(input));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "FILE: no file " + input + " (expected: JSON lines, or - for standard input)", e);
    }
  }
}
