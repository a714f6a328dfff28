package io.urteil.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.UrteilCommand;
import io.urteil.testing.RandomModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchJudgingIT {

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path directory;

  BenchJudgingIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldCountTheJudgementsOfBothPrecisionsInAMinute() throws Exception {
    // Given
    Path model = RandomModel.writeChat(directory.resolve("model"));
    Path config = model.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceAll(
                "\"max_position_embeddings\"\\s*:\\s*512", "\"max_position_embeddings\":8192"));
    Path report = directory.resolve("judging.json");

    // When
    int exit =
        urteil(
            "--model",
            model.toString(),
            "--pairs",
            "2",
            "--max-tokens",
            "4",
            "--data-dir",
            directory.resolve("data").toString(),
            "--report",
            report.toString());

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(exit).isZero();
    JsonNode figures = new ObjectMapper().readTree(report.toFile());
    assertThat(figures.path("pairs").asInt()).isEqualTo(2);
    assertThat(figures.path("parallel").asInt()).isZero();
    assertThat(figures.path("judges")).hasSize(2);
    for (JsonNode judge : figures.path("judges")) {
      assertThat(judge.path("backend").asText()).isEqualTo("ENGINE");
      assertThat(judge.path("judgementsPerMinute")).hasSize(1);
      assertThat(judge.path("medianPerMinute").asDouble()).isPositive();
      assertThat(judge.path("ratio").isNull()).isTrue();
      assertThat(judge.path("promptTokens").asDouble()).isGreaterThan(600);
      assertThat(judge.path("completionTokens").asDouble()).isBetween(1.0, 4.0);
    }
    assertThat(output.toString())
        .contains("without llama.cpp (no --llama-server)", "| engine, f32 |", "| engine, int8 |");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pairs 0 | --pairs: 0 (expected: at least 1)",
        "--llama-parallel 0 | --llama-parallel: 0 (expected: at least 1)",
        "--gguf f32.gguf | --llama-server and --gguf: one is missing (expected: both or neither)",
        "--gguf-q8 q8.gguf | --gguf-q8: q8.gguf (expected: together with --gguf)",
      })
  void shouldRefuseWhatCannotBeMeasured(String arguments, String message) {
    // When
    int exit = urteil(("--model m " + arguments).split(" "));

    // Then
    assertThat(exit).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
  }

  private int urteil(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "bench";
    all[1] = "judging";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all);
  }
}
