package io.urteil.bench.cli;

import io.urteil.bench.chaos.ChaosBench;
import io.urteil.bench.chaos.ChaosReport;
import io.urteil.bench.chaos.ChaosSettings;
import io.urteil.bench.process.KillTarget;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench chaos}. */
@Command(
    name = "chaos",
    description = {
      "Kills processes of a training run at random under a steady load of prompts, and verifies"
          + " from the topics that nothing was lost, duplicated, stuck or unexpected.",
      "60 % of the kills go to judges, 20 % to samplers, 10 % to the topology, 7 % to the trainer,"
          + " 3 % to the broker. Exit status 1 if there is a finding."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench chaos --minutes 2",
      "  urteil bench chaos --minutes 10 --seed 7 --report chaos.json",
      "  urteil bench chaos --kill broker --pause 8"
    })
final class BenchChaosCommand extends UrteilSubcommand {

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Minutes during which processes are killed (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of prompts, sampling and kills (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--groups-per-second",
      paramLabel = "X",
      defaultValue = "2",
      description = "Prompts per second, with 8 rollouts each (default: ${DEFAULT-VALUE}).")
  private double groupsPerSecond;

  @Option(
      names = "--pause",
      paramLabel = "SECONDS",
      defaultValue = "4",
      description =
          "Mean pause between a trained batch and the next kill (default: ${DEFAULT-VALUE}).")
  private double pause;

  @Option(
      names = "--judges",
      paramLabel = "N",
      defaultValue = "3",
      description = "Judge worker processes (default: ${DEFAULT-VALUE}).")
  private int judges;

  @Option(
      names = "--samplers",
      paramLabel = "N",
      defaultValue = "2",
      description = "Sampler processes (default: ${DEFAULT-VALUE}).")
  private int samplers;

  @Option(
      names = "--kill",
      paramLabel = "KIND",
      split = ",",
      description =
          "Kinds of processes to kill, separated by commas: judge, sampler, topology, trainer,"
              + " broker (default: all, with the shares above).")
  private Set<KillTarget> victims = EnumSet.allOf(KillTarget.class);

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory of the processes (default: a temporary directory).")
  private @Nullable Path dataDirectory;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory =
        dataDirectory == null ? Files.createTempDirectory("urteil-chaos") : dataDirectory;
    ChaosSettings settings =
        new ChaosSettings(
            Duration.ofMillis((long) (minutes * 60_000)),
            seed,
            groupsPerSecond,
            Duration.ofMillis((long) (pause * 1_000)),
            judges,
            samplers,
            victims,
            directory);
    LogOutput.toFileOnly(settings.directory().resolve("urteil.log"), verbose());
    output().println("data and logs in " + settings.directory());
    ChaosReport found = new ChaosBench(settings, output()::println).run();
    output().println();
    output().println(found.markdown());
    found.findings().forEach(output()::println);
    report.write(found);
    return found.isClean() ? ExitCode.OK : ExitCode.FAILED;
  }
}
