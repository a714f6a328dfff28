package io.urteil.bench.cli;

import io.urteil.bench.siege.SiegeBench;
import io.urteil.bench.siege.SiegeReport;
import io.urteil.bench.siege.SiegeSettings;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench siege}. */
@Command(
    name = "siege",
    description = {
      "Attacks a training run with hostile records on every topic and a hostile judge server, and"
          + " stops, kills and robs its processes; then verifies from the topics that nothing of the run was lost,"
          + " duplicated, stuck or unexpected.",
      "Hostile records are made from events of the run: other bits, lengths, fields, sizes, keys,"
          + " partitions, topics, times and schemas. Exit status 1 if there is a finding, or a process"
          + " ended by itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench siege --minutes 1",
      "  urteil bench siege --minutes 10 --seed 7 --report siege.json"
    })
final class BenchSiegeCommand extends UrteilSubcommand {

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Minutes under attack (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Seed of prompts, sampling, attacks and disturbances (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--groups-per-second",
      paramLabel = "X",
      defaultValue = "2",
      description =
          "Prompts of the honest run per second, with 8 rollouts each (default: ${DEFAULT-VALUE}).")
  private double groupsPerSecond;

  @Option(
      names = "--attacks-per-second",
      paramLabel = "X",
      defaultValue = "200",
      description = "Hostile records per second (default: ${DEFAULT-VALUE}).")
  private double attacksPerSecond;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory of the processes (default: a temporary directory).")
  private @Nullable Path dataDirectory;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory =
        dataDirectory == null ? Files.createTempDirectory("urteil-siege") : dataDirectory;
    SiegeSettings settings =
        new SiegeSettings(
            Duration.ofMillis((long) (minutes * 60_000)),
            seed,
            groupsPerSecond,
            attacksPerSecond,
            directory);
    LogOutput.toFileOnly(settings.directory().resolve("urteil.log"), verbose());
    output().println("data and logs in " + settings.directory());
    SiegeReport found = new SiegeBench(settings, output()::println).run();
    output().println();
    output().println(found.markdown());
    found.findings().forEach(output()::println);
    report.write(found);
    return found.isClean() ? ExitCode.OK : ExitCode.FAILED;
  }
}
