package io.urteil.bench.cli;

import io.urteil.bench.topology.BenchPhase;
import io.urteil.bench.topology.TopologyBench;
import io.urteil.bench.topology.TopologyBenchSettings;
import io.urteil.bench.topology.TopologyReport;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.LogOutput;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench topology}. */
@Command(
    name = "topology",
    description = {
      "Measures the path from rollouts to batches: rollouts per second, bytes written, latency,"
          + " many open groups, restart after kill -9, many slow workers; with the bare broker as"
          + " the limit.",
      "Starts a broker, a topology and a judge worker as processes. Takes about ten minutes."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench topology --quick",
      "  urteil bench topology --phases throughput,latency",
      "  urteil bench topology --million-groups --report topology.json"
    })
final class BenchTopologyCommand extends UrteilSubcommand {

  private static final double QUICK = 0.1;

  @Option(
      names = "--phases",
      paramLabel = "PHASE",
      split = ",",
      description = "Phases, separated by commas: ${COMPLETION-CANDIDATES} (default: all).")
  private List<BenchPhase> phases = new ArrayList<>(List.of(BenchPhase.values()));

  @Option(
      names = "--quick",
      description = "Use a tenth of the events, to check that the benchmark works.")
  private boolean quick;

  @Option(
      names = "--scale",
      paramLabel = "FRACTION",
      description = "Fraction of the events (default: 1; 0.1 with --quick).")
  private @Nullable Double scale;

  @Option(
      names = "--million-groups",
      description = "Also measure a million open groups; takes several minutes more.")
  private boolean million;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Data directory of the processes (default: a temporary directory, which is removed).")
  private @Nullable Path dataDirectory;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    TopologyBenchSettings settings =
        new TopologyBenchSettings(
            new LinkedHashSet<>(phases), scale != null ? scale : quick ? QUICK : 1, million);
    Path directory =
        dataDirectory == null ? Files.createTempDirectory("urteil-bench-topology") : dataDirectory;
    LogOutput.toFileOnly(directory.resolve("urteil.log"), verbose());
    TopologyReport measured = new TopologyBench(settings, directory, this::print).run();
    output().println();
    output().println(measured.markdown());
    report.write(measured);
    if (dataDirectory == null) {
      remove(directory);
    }
    return ExitCode.OK;
  }

  private void print(String line) {
    output().println(line);
    output().flush();
  }

  private static void remove(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
