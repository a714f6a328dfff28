package io.urteil.cli.judging;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ProgressLine;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.cli.option.UrteilVersion;
import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.BenchmarkEvaluation;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.measure.Orders;
import io.urteil.evaluation.report.AccuracyPlot;
import io.urteil.evaluation.report.EvaluationPage;
import io.urteil.evaluation.report.EvaluationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Evaluates a judge on a benchmark: streams its comparisons through judges and topology.",
      "The judge is one of a run file, a model directory, or recorded verdicts. With --report, a"
          + " page (.md), a plot (.png) and every ruling (.items.jsonl) are written beside the"
          + " report.",
      "What is judged stays on the log: called again, it is not judged again.",
      "Without --bootstrap it brings a broker, a judge and a topology of its own."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil evaluate pandalm --recorded ops/data/pandalm/gpt-3.5-turbo-testset-v1.json",
      "  urteil evaluate judgebench-gpt-4o --recorded ops/data/judgebench/recorded-verdicts.jsonl",
      "  urteil evaluate arithmetic --model .urteil/demo/demo-001/seed-judge --report before.json",
      "  urteil evaluate rm-bench --run-file my-judge.yaml --report rm-bench.json",
      "  urteil evaluate pairs --data mine.jsonl --model DIR --prompt j1-verdict"
    })
public final class EvaluateCommand extends UrteilSubcommand {

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = BenchmarkNames.class,
      description = "Benchmark, one of: ${COMPLETION-CANDIDATES}.")
  private String name = "";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "File of the benchmark, JSON or JSON lines, plain or gzip; may be given several times"
              + " (default: those that come with Urteil).")
  private List<Path> data = new ArrayList<>();

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

  @Option(
      names = "--orders",
      paramLabel = "WHICH",
      description =
          "Orders in which candidates are shown: given, swapped, both, random (default: the"
              + " benchmark's own, or those recorded).")
  private @Nullable Orders orders;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of random orders and of the bootstrap (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--again", description = "Judge also what is judged already.")
  private boolean again;

  @Mixin private ClusterChoice cluster = new ClusterChoice();

  @Mixin private JudgePluginsOption judges = new JudgePluginsOption();

  @Mixin private ReportOption report = new ReportOption();

  /** The benchmarks, for the help. */
  static final class BenchmarkNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Benchmark.all().stream().map(Benchmark::name).iterator();
    }
  }

  @Override
  public Integer call() throws IOException {
    judges.apply();
    Path home = cluster.home();
    BenchmarkEvaluation evaluation = evaluation(home);
    LogOutput.toFileAlone(home.resolve("urteil.log"), verbose());
    String what = "of %,d judged".formatted(evaluation.presentations());
    try (ClusterChoice.Open open = cluster.open();
        ProgressLine count = new ProgressLine(output(), what)) {
      evaluation.judge(open.place(), again, open::broken, count::show);
    }
    write(evaluation);
    return ExitCode.OK;
  }

  private BenchmarkEvaluation evaluation(Path home) throws IOException {
    Benchmark benchmark = Benchmark.named(name);
    if (recorded != null) {
      if (runFile != null || model != null || prompt != null || weights != null) {
        throw new IllegalArgumentException(
            "--recorded: %s (expected: without --run-file, --model, --prompt and --weights)"
                .formatted(recorded));
      }
      return BenchmarkEvaluation.ofRecorded(benchmark, data, orders, seed, recorded, judge);
    }
    EvaluatedJudge evaluated = evaluatedJudge();
    return BenchmarkEvaluation.of(
        benchmark, data, orders, seed, evaluated.name(), evaluated.section(), evaluated.reward());
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

  private void write(BenchmarkEvaluation evaluation) throws IOException {
    PrintWriter out = output();
    Path file = report.file();
    String items = file == null ? null : beside(file, ".items.jsonl").getFileName().toString();
    EvaluationReport figures = evaluation.report(commandLine(), UrteilVersion.number(), items);
    if (figures.alreadyJudged() > 0) {
      out.println(
          "%,d were judged before and are taken from the log (--again judges them anew)"
              .formatted(figures.alreadyJudged()));
    }
    EvaluationPage.summary(figures, file == null ? null : beside(file, ".md").toString())
        .forEach(out::println);
    if (file == null) {
      return;
    }
    report.write(figures);
    evaluation.writeItems(beside(file, ".items.jsonl"));
    String plot = plot(figures, beside(file, ".png"));
    Files.writeString(beside(file, ".md"), EvaluationPage.page(figures, plot));
  }

  /** The plot's name; null where this machine cannot draw, which needs fonts. */
  private @Nullable String plot(EvaluationReport figures, Path file) throws IOException {
    System.setProperty("java.awt.headless", "true");
    try {
      AccuracyPlot.write(figures, file);
      return String.valueOf(file.getFileName());
    } catch (LinkageError | InternalError | NullPointerException e) {
      output().println("no plot was drawn: %s (expected: a machine with fonts)".formatted(e));
      return null;
    }
  }

  /** A file beside the report, of the same name but for the ending. */
  private static Path beside(Path report, String ending) {
    Path absolute = report.toAbsolutePath();
    String own = String.valueOf(absolute.getFileName()).replaceFirst("\\.json$", "");
    return absolute.resolveSibling(own + ending);
  }
}
