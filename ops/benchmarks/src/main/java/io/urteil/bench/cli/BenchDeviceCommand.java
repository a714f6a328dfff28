package io.urteil.bench.cli;

import io.urteil.bench.engine.DeviceBench;
import io.urteil.bench.engine.DeviceReport;
import io.urteil.bench.engine.DeviceReport.Outcome;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.engine.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench device}. */
@Command(
    name = "device",
    description = {
      "Checks and times the inference engine on a graphics card: its answers against those of the"
          + " processor and of other batches, decode steps at many shapes, its own cost per step,"
          + " memory behind reloads.",
      "Needs a build with URTEIL_PROFILE=cuda; ops/benchmarks/gpu makes one and runs this. Exit"
          + " status 1 when a check fails, 3 when the device cannot be used."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench device --report gpu.json --markdown gpu.md",
      "  urteil bench device --device cuda:1 --number-format bf16 --model"
          + " models/Qwen2.5-7B-Instruct",
      "  urteil bench device --device cpu:bound --quick"
    })
final class BenchDeviceCommand extends UrteilSubcommand {

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cuda",
      description =
          "cuda, cuda:N, or cpu:bound for the processor in a card's place (default:"
              + " ${DEFAULT-VALUE}).")
  private String device = "cuda";

  @Option(
      names = "--number-format",
      paramLabel = "TYPE",
      defaultValue = "auto",
      description = "stored, f16 or bf16 on a card (default: ${DEFAULT-VALUE}).")
  private String numbers = "auto";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "A model directory (default: one of 107 million parameters, which is made).")
  private @Nullable Path model;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/bench",
      description = "Where the model lies, or is made (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".urteil/bench");

  @Option(names = "--quick", description = "A tiny model and few shapes, to see that it works.")
  private boolean quick;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the report as Markdown too.")
  private @Nullable Path markdown;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    Device chosen;
    try {
      chosen = Device.parse(device, numbers);
    } catch (IllegalArgumentException e) {
      throw usage(
          String.valueOf(e.getMessage()).replaceFirst("urteil\\.engine\\.(device-)?", "--"));
    }
    DeviceReport found =
        new DeviceBench(new DeviceBench.Settings(chosen, model, directory.toAbsolutePath(), quick))
            .run(output()::println);
    output().println();
    output().println(found.markdown());
    report.write(found);
    if (markdown != null) {
      Files.writeString(markdown, found.markdown());
    }
    return found.count(Outcome.FAILED) == 0 ? ExitCode.OK : ExitCode.FAILED;
  }
}
