package io.urteil.bench.cli;

import io.urteil.bench.judging.JudgingBench;
import io.urteil.bench.judging.JudgingReport;
import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.ReportOption;
import io.urteil.cli.option.UrteilSubcommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code urteil bench judging}. */
@Command(
    name = "judging",
    description = {
      "Measures how many judgements a minute the service gives by its defaults, end to end: pairs in"
          + " both orders, with a rubric of about 600 tokens, in f32 and int8.",
      "With --llama-server also the same judge on llama.cpp's server with the same weights. The"
          + " rounds alternate; figures are medians."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil bench judging --model DIR --report judging.json",
      "  python3 ops/python/safetensors_to_gguf.py DIR f32.gguf",
      "  python3 ops/python/safetensors_to_gguf.py DIR q8.gguf --type q8_0",
      "  urteil bench judging --model DIR --llama-server llama.cpp/build/bin/llama-server --gguf"
          + " f32.gguf --gguf-q8 q8.gguf"
    })
final class BenchJudgingCommand extends UrteilSubcommand {

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      required = true,
      description = "Model of the judge: a directory, or a name that is fetched already.")
  private String model = "";

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "64",
      description = "Number of pairs (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "64",
      description = "Maximum tokens of an answer (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Number of rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".urteil/bench/judging",
      description = "Directory of all files (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("");

  @Option(
      names = "--llama-server",
      paramLabel = "PROGRAM",
      description = "llama.cpp's program llama-server; adds a comparison.")
  private @Nullable Path llamaServer;

  @Mixin private GgufOptions gguf = new GgufOptions();

  @Option(
      names = "--llama-parallel",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Sequences that llama.cpp's server decodes together (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Mixin private ReportOption report = new ReportOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    atLeastOne("--pairs", pairs);
    atLeastOne("--max-tokens", maxTokens);
    atLeastOne("--rounds", rounds);
    atLeastOne("--llama-parallel", parallel);
    Optional<Path> converted = gguf.model("--llama-server", llamaServer);
    Optional<JudgingBench.Llama> llama =
        converted.map(
            file ->
                new JudgingBench.Llama(
                    Objects.requireNonNull(llamaServer).toAbsolutePath(),
                    file,
                    gguf.eightBits(),
                    parallel));
    JudgingReport figures =
        new JudgingBench(
                new JudgingBench.Settings(
                    model, pairs, maxTokens, rounds, directory.toAbsolutePath(), llama))
            .run(output()::println);
    output().println();
    output().println(figures.markdown());
    report.write(figures);
    return ExitCode.OK;
  }

  private void atLeastOne(String option, int value) {
    if (value < 1) {
      throw usage("%s: %d (expected: at least 1)".formatted(option, value));
    }
  }
}
