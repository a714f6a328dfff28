package io.urteil.bench.cli;

import io.urteil.bench.engine.EngineBench;
import io.urteil.bench.engine.EngineReport;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench engine}. */
@Command(
    name = "engine",
    description = {
      "Measures the inference engine with a random model of 107 million parameters, in f32 and"
          + " int8, and with the shape of the demo's model: tokens per second at batch sizes 1, 8"
          + " and 32, prefill, time to first token, overhead.",
      "The bare ONNX Runtime, memory bandwidth and arithmetic throughput are measured in the same"
          + " rounds with the same threads; figures are medians. With --llama-bench also llama.cpp"
          + " with the same weights. Lists the missed targets."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench engine --report engine.json",
      "  urteil bench engine --prepare-only",
      "  python3 ops/python/safetensors_to_gguf.py .urteil/bench/107m big.gguf",
      "  urteil bench engine --llama-bench llama.cpp/build/bin/llama-bench --gguf big.gguf",
      "  python3 ops/python/safetensors_to_gguf.py --type q8_0 .urteil/bench/107m big-q8.gguf",
      "  urteil bench engine --llama-bench LLAMA --gguf big.gguf --gguf-q8 big-q8.gguf"
    })
final class BenchEngineCommand extends UrteilSubcommand {

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of all measurements (default: one per processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of measured rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/bench",
      description =
          "Directory of the models, which are created if missing (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".urteil/bench");

  @Option(
      names = "--llama-bench",
      paramLabel = "PROGRAM",
      description =
          "llama.cpp's program llama-bench, in the same directory as llama-batched-bench; adds a"
              + " comparison.")
  private @Nullable Path llamaBench;

  @Mixin private GgufOptions gguf = new GgufOptions();

  @Option(names = "--prepare-only", description = "Create the models and exit.")
  private boolean prepareOnly;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1) {
      throw usage("--rounds: %d (expected: at least 1)".formatted(rounds));
    }
    Optional<Path> model = gguf.model("--llama-bench", llamaBench);
    PrintWriter out = output();
    Path models = directory.toAbsolutePath();
    if (prepareOnly) {
      out.println("models in " + EngineBench.createModels(models).getParent());
      return ExitCode.OK;
    }
    Optional<EngineBench.Llama> llama =
        model.map(
            file ->
                new EngineBench.Llama(
                    Objects.requireNonNull(llamaBench).toAbsolutePath(), file, gguf.eightBits()));
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    EngineReport figures =
        new EngineBench(new EngineBench.Settings(used, rounds, models, llama)).run(out::println);
    out.println();
    out.println(figures.markdown());
    report.write(figures);
    return ExitCode.OK;
  }
}
