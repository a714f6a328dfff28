package io.urteil.bench.cli;

import io.urteil.bench.gateway.GatewayBench;
import io.urteil.bench.gateway.GatewayReport;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench gateway}. */
@Command(
    name = "gateway",
    description = {
      "Measures what the gateway adds to a judge that takes a fixed time: one group at a time, 512"
          + " rewards at once, requests per second at 64 connections, and memory of waiting"
          + " requests, with one gateway and with two.",
      "Takes about two minutes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench gateway",
      "  urteil bench gateway --judge-millis 200 --waiting 4000 --report gateway.json"
    })
final class BenchGatewayCommand extends UrteilSubcommand {

  @Option(
      names = "--judge-millis",
      paramLabel = "MS",
      defaultValue = "20",
      description = "Time of one call of the judge (default: ${DEFAULT-VALUE}).")
  private long judgeMillis;

  @Option(
      names = "--groups",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Groups of 8 that are measured one after the other (default: ${DEFAULT-VALUE}).")
  private int groups;

  @Option(
      names = "--waiting",
      paramLabel = "N",
      defaultValue = "4000",
      description = "Requests that are held open at once (default: ${DEFAULT-VALUE}).")
  private int waiting;

  @Option(
      names = "--load-seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "How long 64 connections send requests (default: ${DEFAULT-VALUE}).")
  private int loadSeconds;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("urteil-bench-gateway");
    LogOutput.toFileOnly(directory.resolve("urteil.log"), verbose());
    GatewayReport measured =
        new GatewayBench(
                judgeMillis,
                groups,
                waiting,
                Duration.ofSeconds(loadSeconds),
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
