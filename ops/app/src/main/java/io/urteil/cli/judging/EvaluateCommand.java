package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ProgressLine;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.cli.option.UrteilVersion;
import io.urteil.evaluation.BenchmarkEvaluation;
import io.urteil.evaluation.BenchmarkEvaluation.Evaluated;
import io.urteil.evaluation.EvaluationFiles;
import io.urteil.evaluation.measure.EvaluationResult;
import io.urteil.evaluation.report.EvaluationPage;
import io.urteil.evaluation.report.EvaluationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Evaluates judges on a benchmark: streams the comparisons through judges and topology.",
      "A judge comes from a run file, a model directory, or a file of recorded verdicts. Several"
          + " judge the same comparisons, and each is compared with the first one. With --report, a"
          + " page (.md), a page with all cases (.html), a plot (.svg) and every verdict"
          + " (.items.jsonl) are written next to the report.",
      "Judgements stay in the topics: a repeated call judges only missing and failed comparisons.",
      "Without --bootstrap, starts a broker, a judge worker and a topology in this process."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil evaluate pandalm --recorded-verdicts"
          + " ops/data/pandalm/gpt-3.5-turbo-testset-v1.json",
      "  urteil evaluate judgebench-gpt-4o --recorded-verdicts"
          + " ops/data/judgebench/recorded-verdicts.jsonl",
      "  urteil evaluate arithmetic --model .urteil/demo/demo-001/seed-judge --report before.json",
      "  urteil evaluate rm-bench --run-file my-judge.yaml --report rm-bench.json",
      "  urteil evaluate pairs --data mine.jsonl --model DIR --prompt j1-verdict",
      "  urteil evaluate llmeval2 --model DIR --model OTHER_DIR --prompt self-judge"
    })
public final class EvaluateCommand extends UrteilSubcommand {

  @Mixin private BenchmarkOptions benchmark = new BenchmarkOptions();

  @Option(
      names = "--recorded-verdicts",
      paramLabel = "FILE",
      description = "Recorded verdicts of judges: all judges of the file, or --judge.")
  private @Nullable Path recorded;

  @Mixin private EvaluatedJudgeOptions judge = new EvaluatedJudgeOptions();

  @Option(names = "--rejudge", description = "Judge comparisons again that are judged already.")
  private boolean rejudge;

  @Option(
      names = "--fail-under",
      paramLabel = "PERCENT",
      description =
          "Exit with 1 if the accuracy of a judge is below this (default: any accuracy passes).")
  private @Nullable Double failUnder;

  @Mixin private ClusterChoice cluster = new ClusterChoice();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    if (failUnder != null && !(failUnder >= 0 && failUnder <= 100)) {
      throw usage("--fail-under: %s (expected: a percentage from 0 to 100)".formatted(failUnder));
    }
    plugins.apply();
    Path home = cluster.home();
    BenchmarkEvaluation evaluation = evaluation();
    LogOutput.toFileOnly(home.resolve("urteil.log"), verbose());
    try (ClusterChoice.Open open = cluster.open();
        ProgressLine count = new ProgressLine(output(), "judged", evaluation.presentations())) {
      evaluation.judge(open.namespace(), rejudge, open::failure, count::show);
    }
    return write(evaluation);
  }

  private BenchmarkEvaluation evaluation() throws IOException {
    VerdictOptions verdicts = judge.verdicts();
    if (recorded != null) {
      judge.requireOnlyName("--recorded-verdicts");
      return BenchmarkEvaluation.ofRecorded(
          benchmark.items(), verdicts.orders(), verdicts.seed(), recorded, judge.names());
    }
    NamedModels models = NamedModels.ofProcess(errors());
    List<Evaluated> evaluated = new ArrayList<>();
    for (Map.Entry<String, EvaluatedJudge> one : judge.judges(models).entrySet()) {
      EvaluatedJudge selected = one.getValue();
      models.requireCached(selected.section());
      evaluated.add(
          new Evaluated(one.getKey(), selected.name(), selected.section(), selected.reward()));
    }
    return BenchmarkEvaluation.of(benchmark.items(), verdicts.orders(), verdicts.seed(), evaluated);
  }

  private int write(BenchmarkEvaluation evaluation) throws IOException {
    PrintWriter out = output();
    EvaluationFiles files = EvaluationFiles.beside(report.file());
    EvaluationReport measured =
        evaluation.report(commandLine(), UrteilVersion.number(), files.itemsName());
    if (measured.progress().alreadyJudged() > 0) {
      out.println(
          "%,d were judged before and are read from the topics (--rejudge judges them again)"
              .formatted(measured.progress().alreadyJudged()));
    }
    EvaluationPage.summary(measured, files.page()).forEach(out::println);
    report.write(measured);
    files.write(evaluation, measured);
    return isBelow(measured) ? ExitCode.FAILED : ExitCode.OK;
  }

  /** Whether the accuracy of a judge is below {@code --fail-under}; prints each such judge. */
  private boolean isBelow(EvaluationReport measured) {
    if (failUnder == null) {
      return false;
    }
    double least = failUnder;
    boolean below = false;
    for (Map.Entry<String, EvaluationResult> judge : measured.judges().entrySet()) {
      double percent = 100 * judge.getValue().correctness().accuracy();
      if (percent < least) {
        below = true;
        warn(
            String.format(
                Locale.ROOT,
                "accuracy of '%s': %.2f %% (expected: at least %s %% by --fail-under)",
                judge.getKey(),
                percent,
                failUnder));
      }
    }
    return below;
  }
}
