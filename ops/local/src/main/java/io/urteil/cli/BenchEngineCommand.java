package io.urteil.cli;

import io.urteil.bench.engine.EngineBench;
import io.urteil.bench.engine.EngineReport;
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
          + " single precision and in eight bits, and on the demo's: tokens per second at batch 1, 8"
          + " and 32, reading of prompts, time to the first token, the engine's own cost.",
      "The bare runtime, the machine's read bandwidth and its multiply-adds are measured in the"
          + " same run with the same threads, in turn; medians. With --llama-bench llama.cpp takes"
          + " its turn on the same weights."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench engine --report engine.json",
      "  urteil bench engine --only-models",
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

  @Option(names = "--only-models", description = "Make the models and end.")
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
    out.println(table(figures));
    report.write(figures);
    return ExitCode.OK;
  }

  /** The figures as a Markdown table. */
  private static String table(EngineReport figures) {
    StringBuilder table = new StringBuilder();
    table.append(
        "| f32 unless named, %d threads | engine, tokens/s | bare runtime | share of the machine | llama.cpp |"
            .formatted(figures.threads()));
    table.append(" engine / llama.cpp |%n".formatted());
    table.append("| --- | ---: | ---: | ---: | ---: | ---: |%n".formatted());
    row(
        table,
        figures,
        "batch 1",
        "batch1",
        figures.batch1TokensPerSecond(),
        figures.bareBatch1TokensPerSecond(),
        "%.0f %% of %.1f GB/s"
            .formatted(100 * figures.batch1ShareOfBandwidth(), figures.readGigabytesPerSecond()));
    row(
        table,
        figures,
        "batch 8",
        "batch8",
        figures.batch8TokensPerSecond(),
        figures.bareBatch8TokensPerSecond(),
        "");
    row(
        table,
        figures,
        "batch 32",
        "batch32",
        figures.batch32TokensPerSecond(),
        figures.bareBatch32TokensPerSecond(),
        "");
    row(
        table,
        figures,
        "prefill 256",
        "prefill",
        figures.prefillTokensPerSecond(),
        figures.barePrefillTokensPerSecond(),
        "%.0f %% of %.0f GFLOP/s"
            .formatted(100 * figures.prefillShareOfFma(), figures.fmaGigaflops()));
    row(
        table,
        figures,
        "int8, batch 1",
        "int8Batch1",
        figures.int8Batch1TokensPerSecond(),
        figures.int8BareBatch1TokensPerSecond(),
        "");
    row(
        table,
        figures,
        "int8, batch 8",
        "int8Batch8",
        figures.int8Batch8TokensPerSecond(),
        figures.int8BareBatch8TokensPerSecond(),
        "");
    row(
        table,
        figures,
        "int8, batch 32",
        "int8Batch32",
        figures.int8Batch32TokensPerSecond(),
        figures.int8BareBatch32TokensPerSecond(),
        "");
    row(
        table,
        figures,
        "int8, prefill 256",
        "int8Prefill",
        figures.int8PrefillTokensPerSecond(),
        figures.int8BarePrefillTokensPerSecond(),
        "");
    table.append(
        "%nfirst token of a 256-token prompt: %.0f ms alone, %.0f ms while 8 sequences decode%n"
            .formatted(figures.firstTokenMillis(), figures.firstTokenUnderLoadMillis()));
    table.append(
        "the engine's own cost: %.2f ms a step at batch 32, %.2f ms of int8; demo's model %.1f µs%n"
            .formatted(
                figures.schedulerMillisPerStep(),
                figures.int8SchedulerMillisPerStep(),
                figures.demoSchedulerMicrosPerStep()));
    table.append(
        "a demo step's 128 rollouts: %.0f tokens/s%n".formatted(figures.demoTokensPerSecond()));
    return table.toString();
  }

  private static void row(
      StringBuilder table,
      EngineReport figures,
      String label,
      String name,
      double engine,
      double bare,
      String share) {
    Double llama = figures.llamaCpp().get(name);
    Double ratio = figures.ratios().get(name);
    table.append(
        "| %s | %.1f | %.1f | %s | %s | %s |%n"
            .formatted(
                label,
                engine,
                bare,
                share,
                llama == null ? "" : "%.1f".formatted(llama),
                ratio == null ? "" : "%.2f".formatted(ratio)));
  }
}
