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
      "Times the demo's loop over the topics against the same sampler, rule and trainer called"
          + " directly in one process.",
      "Interleaved, one warm-up of each; prints the ratio of the median wall times."
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
      description = "Updates of each loop (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--lag",
      paramLabel = "K",
      defaultValue = "1",
      description = "Versions that sampling is behind, in both (default: ${DEFAULT-VALUE}).")
  private int lag;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "5",
      description = "Measured runs of each loop (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("urteil-bench-loop");
    LogOutput.toFileOnly(directory.resolve("urteil.log"), verbose());
    LoopReport figures = new LoopBench(steps, lag, repeats).run(directory, output()::println);
    output()
        .println(
            "median of %d: direct %.2f s, over topics %.2f s, ratio %.2f"
                .formatted(
                    repeats, figures.directMedian(), figures.topicMedian(), figures.ratio()));
    report.write(figures);
    return ExitCode.OK;
  }
}
