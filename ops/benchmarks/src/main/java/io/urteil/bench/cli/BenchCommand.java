package io.urteil.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code urteil bench}. */
@Command(
    name = "bench",
    description =
        "Measures the service; every benchmark also measures its hardware limit or a reference.",
    subcommands = {
      BenchLoopCommand.class,
      BenchEngineCommand.class,
      BenchJudgingCommand.class,
      BenchDeviceCommand.class,
      BenchPrecisionCommand.class,
      BenchChaosCommand.class,
      BenchSiegeCommand.class,
      BenchTopologyCommand.class,
      BenchTailCommand.class,
      BenchGatewayCommand.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "BENCHMARK",
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench loop --report loop.json",
      "  urteil bench engine --report engine.json",
      "  urteil bench judging --model DIR",
      "  urteil bench precision --model .urteil/demo/demo-001/seed-judge",
      "  urteil bench chaos --minutes 10",
      "  urteil bench siege --minutes 1",
      "  urteil bench topology --quick",
      "  urteil bench tail"
    })
public final class BenchCommand implements Runnable {

  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec, "spec").commandLine(), "a benchmark is missing");
  }
}
