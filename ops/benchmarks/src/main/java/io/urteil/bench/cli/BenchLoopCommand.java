package io.urteil.bench.cli;

import io.urteil.bench.LoopBench;
import io.urteil.bench.LoopReport;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench loop}. */
@Command(
    name = "loop",
    description = {
      "Compares the demo's training loop through the topics with direct calls of the same sampler,"
          + " reward rule and trainer in one process.",
      "Runs are interleaved, with one warm-up of each loop. Prints the ratio of the median wall"
          + " times."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench loop",
      "  urteil bench loop --steps 40 --lag 1 --repeats 5 --report loop.json"
    })
final class BenchLoopCommand extends UrteilSubcommand {

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "30",
      description = "Number of updates of each loop (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--lag",
      paramLabel = "K",
      defaultValue = "1",
      description = "Policy lag of both loops in versions (default: ${DEFAULT-VALUE}).")
  private int lag;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of measured runs of each loop (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("urteil-bench-loop");
    LogOutput.toFileOnly(directory.resolve("urteil.log"), verbose());
    LoopReport figures = new LoopBench(steps, lag, repeats).run(directory, output()::println);
    output()
        .println(
            "median of %d: direct %.2f s, through topics %.2f s, ratio %.2f"
                .formatted(
                    repeats, figures.directMedian(), figures.topicMedian(), figures.ratio()));
    report.write(figures);
    return ExitCode.OK;
  }
}
