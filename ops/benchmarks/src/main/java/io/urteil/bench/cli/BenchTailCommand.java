package io.urteil.bench.cli;

import io.urteil.bench.tail.TailBench;
import io.urteil.bench.tail.TailReport;
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

/** {@code urteil bench tail}. */
@Command(
    name = "tail",
    description = {
      "Measures what slow judgements cost others, on one judge worker: a run whose server answers"
          + " one request in 200 late, compared with the ideal schedule, and 12 rollouts of a run"
          + " beside and behind a run whose judge never returns.",
      "Takes about a minute."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench tail",
      "  urteil bench tail --rollouts 20000 --slow-millis 30000 --report tail.json"
    })
final class BenchTailCommand extends UrteilSubcommand {

  @Option(
      names = "--rollouts",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Rollouts of the run with a slow tail (default: ${DEFAULT-VALUE}).")
  private int rollouts;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "256",
      description = "Requests that its server answers at once (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = "--fast-millis",
      paramLabel = "MS",
      defaultValue = "250",
      description = "Answer time of the server (default: ${DEFAULT-VALUE}).")
  private long fastMillis;

  @Option(
      names = "--slow-millis",
      paramLabel = "MS",
      defaultValue = "15000",
      description = "Answer time of one request in 200 (default: ${DEFAULT-VALUE}).")
  private long slowMillis;

  @Option(
      names = "--backlog",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Rollouts of the run whose judge never returns (default: ${DEFAULT-VALUE}).")
  private int backlog;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("urteil-bench-tail");
    LogOutput.toFileOnly(directory.resolve("urteil.log"), verbose());
    TailReport measured =
        new TailBench(
                rollouts,
                concurrency,
                fastMillis,
                slowMillis,
                backlog,
                directory,
                line -> {
                  output().println(line);
                  output().flush();
                })
            .run();
    output().println();
    output().println(measured.markdown());
    report.write(measured);
    return ExitCode.OK;
  }
}
