package io.urteil.bench.cli;

import io.urteil.bench.precision.PrecisionBench;
import io.urteil.bench.precision.PrecisionReport;
import io.urteil.bench.precision.PrecisionReport.ChangedVerdict;
import io.urteil.cli.judging.EvaluatedJudge;
import io.urteil.cli.judging.LimitOption;
import io.urteil.cli.judging.VerdictOptions;
import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ProgressLine;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.ThreadsOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.DirectEvaluation;
import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import io.urteil.evaluation.report.MarkdownTable;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code urteil bench precision}. */
@Command(
    name = "precision",
    description = {
      "Counts the verdicts of a judge that differ between f32 and int8 weights, on the same pairs.",
      "Each pair is judged in both orders, by default with greedy sampling, in this process and"
          + " without a broker; a reward model scores each candidate once."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench precision --model .urteil/demo/demo-001/seed-judge",
      "  urteil bench precision hhh --model DIR --prompt j1-verdict --limit 20",
      "  urteil bench precision --data mine.jsonl --model DIR --prompt j1-verdict",
      "  urteil bench precision rm-bench --model REWARD_MODEL --report precision.json"
    })
final class BenchPrecisionCommand extends UrteilSubcommand {

  private static final int MAX_SHOWN = 10;
  private static final double MEGABYTE = 1e6;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "Benchmark of urteil evaluate that consists of pairs (default: arithmetic, or pairs with"
              + " --data).")
  private @Nullable String name;

  @Mixin private VerdictOptions verdicts = new VerdictOptions();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "JSON lines with pairs, or the file of the benchmark; may be repeated (default: the files"
              + " packaged with Urteil).")
  private List<Path> data = new ArrayList<>();

  @Mixin private LimitOption limit = new LimitOption();

  @Mixin private ThreadsOption threads = new ThreadsOption();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (verdicts.weights() != null) {
      throw usage(
          "--weights: %s (expected: none; both precisions are compared)"
              .formatted(verdicts.weights().name().toLowerCase(Locale.ROOT)));
    }
    String benchmark = name != null ? name : data.isEmpty() ? "arithmetic" : "pairs";
    Path directory = verdicts.requireDirectory(NamedModels.ofProcess(errors()));
    EvaluatedJudge judge = verdicts.judge(directory);
    JudgeSection f32 = judge.withWeights(Weights.F32).section();
    JudgeSection int8 = judge.withWeights(Weights.INT8).section();
    DirectEvaluation evaluation =
        DirectEvaluation.of(
            BenchmarkItems.read(Benchmark.named(benchmark), data, limit.items()),
            verdicts.orders());
    PrecisionBench bench =
        new PrecisionBench(
            evaluation,
            directory.toAbsolutePath().normalize(),
            threads.applyTo(ProcessSettings.ofProcess().judge()));
    PrecisionReport figures =
        bench.report(
            judged(bench, f32, WeightPrecision.F32), judged(bench, int8, WeightPrecision.INT8));
    print(figures);
    report.write(figures);
    return ExitCode.OK;
  }

  private PrecisionBench.Side judged(
      PrecisionBench bench, JudgeSection judge, WeightPrecision weights)
      throws IOException, InterruptedException {
    String what = "judged with %s".formatted(weights.name().toLowerCase(Locale.ROOT));
    try (ProgressLine count = new ProgressLine(output(), what, bench.comparisons(judge))) {
      return bench.judge(judge, weights, count::show);
    }
  }

  private void print(PrecisionReport figures) {
    PrintWriter out = output();
    out.println(
        "%s: %,d pairs, %,d comparisons"
            .formatted(
                figures.subject().benchmark(),
                figures.subject().pairs(),
                figures.verdicts().comparisons()));
    out.println("judge: " + figures.subject().f32Judge());
    out.println();
    table(figures).forEach(out::println);
    out.println();
    out.println(
        "changed: %,d of %,d verdicts (%s %%), %,d of them reversed; %,d from right to wrong, %,d from wrong to right"
            .formatted(
                figures.verdicts().changed(),
                figures.verdicts().comparisons() - figures.verdicts().failed(),
                MarkdownTable.percent(figures.verdicts().changedShare()),
                figures.verdicts().reversed(),
                figures.verdicts().rightToWrong(),
                figures.verdicts().wrongToRight()));
    out.println(pairs(figures));
    if (figures.verdicts().textsChanged() != null) {
      out.println("responses: %,d differ".formatted(figures.verdicts().textsChanged()));
    }
    if (figures.scores().scoreChangeMean() != null) {
      out.println(
          "scores: mean change %s, maximum %s; mean difference of the candidates %s"
              .formatted(
                  number(figures.scores().scoreChangeMean()),
                  number(figures.scores().scoreChangeMax()),
                  number(figures.scores().scoreGapMean())));
    }
    if (figures.verdicts().failed() > 0) {
      out.println("failed: %,d comparisons, excluded".formatted(figures.verdicts().failed()));
    }
    changes(figures.changes()).forEach(out::println);
  }

  private static List<String> table(PrecisionReport figures) {
    MarkdownTable table =
        new MarkdownTable(List.of("weights", "accuracy", "unparseable", "seconds", "megabytes"));
    table.row(
        row(
            "f32",
            figures.accuracies().f32Accuracy(),
            figures.sides().unparseableF32(),
            figures.sides().f32Seconds(),
            figures.sides().f32WeightBytes()));
    table.row(
        row(
            "int8",
            figures.accuracies().int8Accuracy(),
            figures.sides().unparseableInt8(),
            figures.sides().int8Seconds(),
            figures.sides().int8WeightBytes()));
    return table.lines();
  }

  private static List<String> row(
      String weights, double accuracy, int unparseable, double seconds, long bytes) {
    return List.of(
        weights,
        MarkdownTable.percent(accuracy),
        Integer.toString(unparseable),
        String.format(Locale.ROOT, "%.1f", seconds),
        String.format(Locale.ROOT, "%.1f", bytes / MEGABYTE));
  }

  private static String pairs(PrecisionReport figures) {
    String some =
        "pairs: %,d of %,d with a changed verdict"
            .formatted(figures.verdicts().pairsChanged(), figures.subject().pairs());
    return figures.verdicts().bothOrdersChanged() == null
        ? some
        : some + ", %,d of them in both orders".formatted(figures.verdicts().bothOrdersChanged());
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4g", value);
  }

  private static List<String> changes(List<ChangedVerdict> changes) {
    List<String> lines = new ArrayList<>();
    for (ChangedVerdict one : changes.subList(0, Math.min(MAX_SHOWN, changes.size()))) {
      lines.add(
          "  %s, order %s: f32 %s, int8 %s, better %s"
              .formatted(one.id(), one.order(), one.f32(), one.int8(), one.better()));
    }
    if (changes.size() > MAX_SHOWN) {
      lines.add("  … and %,d more; --report writes all".formatted(changes.size() - MAX_SHOWN));
    }
    return lines;
  }
}
