package io.urteil.cli.judging;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.PluginsOption;
import io.urteil.cli.option.ProgressLine;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.cli.option.UrteilVersion;
import io.urteil.evaluation.BenchmarkEvaluation;
import io.urteil.evaluation.EvaluationFiles;
import io.urteil.evaluation.report.EvaluationPage;
import io.urteil.evaluation.report.EvaluationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Evaluates a judge on a benchmark: streams its comparisons through judges and topology.",
      "The judge is one of a run file, a model directory, or recorded verdicts. With --report, a"
          + " page (.md), a plot (.svg) and every ruling (.items.jsonl) are written beside the"
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

  @Mixin private BenchmarkOptions benchmark = new BenchmarkOptions();

  @Mixin private EvaluatedJudgeOptions judge = new EvaluatedJudgeOptions();

  @Option(names = "--again", description = "Judge also what is judged already.")
  private boolean again;

  @Mixin private ClusterChoice cluster = new ClusterChoice();

  @Mixin private PluginsOption plugins = new PluginsOption();

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    plugins.apply();
    Path home = cluster.home();
    BenchmarkEvaluation evaluation = judge.evaluation(benchmark);
    LogOutput.toFileAlone(home.resolve("urteil.log"), verbose());
    String what = "of %,d judged".formatted(evaluation.presentations());
    try (ClusterChoice.Open open = cluster.open();
        ProgressLine count = new ProgressLine(output(), what)) {
      evaluation.judge(open.place(), again, open::broken, count::show);
    }
    write(evaluation);
    return ExitCode.OK;
  }

  private void write(BenchmarkEvaluation evaluation) throws IOException {
    PrintWriter out = output();
    EvaluationFiles files = EvaluationFiles.beside(report.file());
    EvaluationReport figures =
        evaluation.report(commandLine(), UrteilVersion.number(), files.itemsName());
    if (figures.progress().alreadyJudged() > 0) {
      out.println(
          "%,d were judged before and are taken from the log (--again judges them anew)"
              .formatted(figures.progress().alreadyJudged()));
    }
    EvaluationPage.summary(figures, files.page()).forEach(out::println);
    report.write(figures);
    files.write(evaluation, figures);
  }
}
