package io.urteil.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs llama.cpp's benchmark programs with the same weights: {@code llama-bench} for one sequence
 * and for prefill, {@code llama-batched-bench} of the same directory for several sequences.
 */
final class LlamaCpp {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MINUTES = 10;

  private final Path bench;
  private final Path batchedBench;
  private final Path model;
  private final int threads;

  /**
   * @param bench the program {@code llama-bench}
   * @param model the model as a GGUF file
   */
  LlamaCpp(Path bench, Path model, int threads) {
    this.bench = executable(bench);
    this.batchedBench = executable(bench.resolveSibling("llama-batched-bench"));
    this.model = model;
    this.threads = threads;
    if (!Files.isRegularFile(model)) {
      throw new IllegalArgumentException(
          "%s: no such file (expected: a GGUF file; ops/python/safetensors_to_gguf.py writes it)"
              .formatted(model));
    }
  }

  /**
   * Tokens per second of decoding {@code tokens} in one sequence after a prompt of {@code context}
   * tokens.
   */
  double decode(int context, int tokens) throws IOException, InterruptedException {
    JsonNode results =
        JSON.readTree(
            run(
                bench,
                "-m",
                "" + model,
                "-t",
                "" + threads,
                "-p",
                "0",
                "-n",
                "" + tokens,
                "-d",
                "" + context,
                "-r",
                "1",
                "-o",
                "json"));
    return results.path(0).path("avg_ts").asDouble();
  }

  /** Tokens per second of prefill. */
  double prefill(int tokens) throws IOException, InterruptedException {
    JsonNode results =
        JSON.readTree(
            run(
                bench,
                "-m",
                "" + model,
                "-t",
                "" + threads,
                "-p",
                "" + tokens,
                "-n",
                "0",
                "-r",
                "1",
                "-o",
                "json"));
    return results.path(0).path("avg_ts").asDouble();
  }

  /** Total tokens per second of decoding {@code rows} sequences. */
  double decode(int rows, int context, int tokens) throws IOException, InterruptedException {
    int capacity = rows * (context + tokens);
    String lines =
        run(
            batchedBench,
            "-m",
            "" + model,
            "-t",
            "" + threads,
            "-c",
            "" + capacity,
            "-npp",
            "" + context,
            "-ntg",
            "" + tokens,
            "-npl",
            "" + rows,
            "--output-format",
            "jsonl");
    for (String line : lines.lines().toList()) {
      if (line.startsWith("{")) {
        return JSON.readTree(line).path("speed_tg").asDouble();
      }
    }
    throw new IOException("no figures in the output of %s:%n%s".formatted(batchedBench, lines));
  }

  private static Path executable(Path program) {
    if (!Files.isExecutable(program)) {
      throw new IllegalArgumentException(
          "%s: not executable (expected: llama-bench and llama-batched-bench in one directory)"
              .formatted(program));
    }
    return program;
  }

  private static String run(Path program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException("%s failed or timed out".formatted(command));
      }
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}
