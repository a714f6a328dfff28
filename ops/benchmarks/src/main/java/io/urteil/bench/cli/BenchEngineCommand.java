package io.urteil.bench.cli;

import io.urteil.bench.engine.EngineBench;
import io.urteil.bench.engine.EngineReport;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench engine}. */
@Command(
    name = "engine",
    description = {
      "Times the inference engine on a model of 107 million parameters that it makes itself, in"
          + " single precision and in eight bits, and on the demo's: tokens per second at batch 1,"
          + " 8 and 32, reading of prompts, time to the first token, the engine's own cost.",
      "The bare runtime, the machine's read bandwidth and its multiply-adds are measured in the"
          + " same run with the same threads, in turn; medians. With --llama-bench llama.cpp takes"
          + " its turn on the same weights. It ends with a sentence for each target that was"
          + " missed."
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
      description = "Threads of everything that is timed (default: one a processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Measured rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/bench",
      description = "Where the models lie, or are made (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".urteil/bench");

  @Option(
      names = "--llama-bench",
      paramLabel = "PROGRAM",
      description =
          "llama.cpp's llama-bench, with llama-batched-bench beside it; the figures are compared.")
  private @Nullable Path llamaBench;

  @Option(
      names = "--gguf",
      paramLabel = "FILE",
      description = "The 107-million model for llama.cpp, by ops/python/safetensors_to_gguf.py.")
  private @Nullable Path gguf;

  @Option(
      names = "--gguf-q8",
      paramLabel = "FILE",
      description = "The same in Q8_0 (--type q8_0), beside --gguf, to compare eight bits.")
  private @Nullable Path eightBitGguf;

  @Option(names = "--prepare-only", description = "Make the models and end.")
  private boolean onlyModels;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1) {
      throw usage("--rounds: %d (expected: at least 1)".formatted(rounds));
    }
    if ((llamaBench == null) != (gguf == null)) {
      throw usage("--llama-bench and --gguf: one is missing (expected: both or neither)");
    }
    if (eightBitGguf != null && gguf == null) {
      throw usage("--gguf-q8: %s (expected: beside --gguf)".formatted(eightBitGguf));
    }
    PrintWriter out = output();
    Path models = directory.toAbsolutePath();
    if (onlyModels) {
      out.println("models in " + EngineBench.makeModels(models).getParent());
      return ExitCode.OK;
    }
    Optional<EngineBench.Llama> llama =
        llamaBench == null || gguf == null
            ? Optional.empty()
            : Optional.of(
                new EngineBench.Llama(
                    llamaBench.toAbsolutePath(), gguf, Optional.ofNullable(eightBitGguf)));
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    EngineReport figures =
        new EngineBench(new EngineBench.Settings(used, rounds, models, llama)).run(out::println);
    out.println();
    out.println(figures.markdown());
    report.write(figures);
    return ExitCode.OK;
  }
}
