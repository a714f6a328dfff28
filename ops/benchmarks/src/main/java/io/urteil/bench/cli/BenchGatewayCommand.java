package io.urteil.bench.cli;

import io.urteil.bench.gateway.GatewayBench;
import io.urteil.bench.gateway.GatewayReport;
import io.urteil.bench.gateway.TenantsBench;
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
          + " requests, with one gateway and with two. Then what a tenant that sends ten times its"
          + " share costs another one.",
      "Takes about six minutes."
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
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Largest number of gateways (default: ${DEFAULT-VALUE}). With 0, only the part with"
              + " tenants is measured.")
  private int gateways;

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

  @Option(
      names = "--tenant-seconds",
      paramLabel = "S",
      defaultValue = "40",
      description =
          "Duration of each measurement with tenants (default: ${DEFAULT-VALUE}). With 0, they are"
              + " not measured.")
  private int tenantSeconds;

  @Option(
      names = "--tenant-judge-millis",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "Mean time of one call of the judge with tenants (default: ${DEFAULT-VALUE}).")
  private long tenantJudgeMillis;

  @Option(
      names = "--tenant-places",
      paramLabel = "N",
      defaultValue = "128",
      description = "Calls of that judge at the same time (default: ${DEFAULT-VALUE}).")
  private int tenantPlaces;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("urteil-bench-gateway");
    LogOutput.toFileOnly(directory.resolve("urteil.log"), verbose());
    GatewayReport measured =
        new GatewayBench(
                judgeMillis,
                gateways,
                groups,
                waiting,
                Duration.ofSeconds(loadSeconds),
                directory,
                this::print)
            .run();
    if (tenantSeconds > 0) {
      measured =
          measured.with(
              new TenantsBench(
                      tenantJudgeMillis,
                      tenantPlaces,
                      Duration.ofSeconds(tenantSeconds),
                      directory,
                      this::print)
                  .run());
    }
    output().println();
    output().println(measured.markdown());
    report.write(measured);
    return ExitCode.OK;
  }

  private void print(String line) {
    output().println(line);
    output().flush();
  }
}
