package io.urteil.bench.cli;

import io.urteil.bench.engine.DeviceBench;
import io.urteil.bench.engine.DeviceReport;
import io.urteil.bench.engine.DeviceReport.Outcome;
import io.urteil.cli.models.NamedModels;
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
      "Verifies and measures the inference engine on a graphics card: samples compared with the"
          + " processor and with other batches, decode steps of many shapes, overhead per step,"
          + " memory after reloads.",
      "Needs a build with URTEIL_PROFILE=cuda; ops/benchmarks/gpu builds and runs it. Exit status 1"
          + " if a check fails, 3 if the device is unusable."
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
          "cuda, cuda:N, or cpu:bound to test the benchmark on the processor (default:"
              + " ${DEFAULT-VALUE}).")
  private String device = "cuda";

  @Option(
      names = "--number-format",
      paramLabel = "TYPE",
      defaultValue = "auto",
      description = "Number format on a card: stored, f16 or bf16 (default: ${DEFAULT-VALUE}).")
  private String numbers = "auto";

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      description =
          "Model directory, or a name on the hub (default: a random model with 107 million parameters).")
  private @Nullable Path model;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/bench",
      description =
          "Directory of the random model, which is created if missing (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".urteil/bench");

  @Option(
      names = "--quick",
      description = "Use a tiny model and few shapes, to check that the benchmark works.")
  private boolean quick;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Also write the report as Markdown to this file.")
  private @Nullable Path markdown;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException {
    Path given = model == null ? null : NamedModels.ofProcess(errors()).directory("--model", model);
    Device chosen;
    try {
      chosen = Device.parse(device, numbers);
    } catch (IllegalArgumentException e) {
      throw usage(
          String.valueOf(e.getMessage())
              .replace("urteil.engine.device-numbers", "--number-format")
              .replace("urteil.engine.device", "--device"));
    }
    DeviceReport found =
        new DeviceBench(new DeviceBench.Settings(chosen, given, directory.toAbsolutePath(), quick))
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
