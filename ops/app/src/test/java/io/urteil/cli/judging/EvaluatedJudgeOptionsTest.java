package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.cli.models.NamedModels;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.ModelJudge;
import io.urteil.testing.RandomModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class EvaluatedJudgeOptionsTest {

  private final NamedModels models =
      NamedModels.ofProcess(new PrintWriter(new StringWriter(), true));
  private final Path directory;

  EvaluatedJudgeOptionsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldNameJudgesOfRunFilesByTheirFilesIfTheirOwnNamesAreEqual() throws IOException {
    assertThat(options("--judge", "rrm-elo", "--judge", "math-answers").judges(models))
        .containsOnlyKeys("rrm", "answer");
    assertThat(options("--judge", "rrm-elo", "--judge", "rrm-knockout").judges(models))
        .containsOnlyKeys("rrm-elo", "rrm-knockout");
  }

  @Test
  void shouldTakeTheJudgeWithEachModelOrEachJudgeWithTheModel() throws IOException {
    // Given
    Path one = Files.createDirectories(directory.resolve("one/model"));
    Path two = Files.createDirectories(directory.resolve("two/model"));

    // Then
    assertThat(
            options("--judge", "rrm-elo", "--model", one.toString(), "--model", two.toString())
                .judges(models))
        .containsOnlyKeys(one.toString(), two.toString());
    assertThat(
            options("--judge", "rrm-elo", "--judge", "rrm-knockout", "--model", one.toString())
                .judges(models))
        .containsOnlyKeys("rrm-elo", "rrm-knockout");
  }

  @Test
  void shouldAskAServerInPlaceOfAModel() throws IOException {
    // When
    EvaluatedJudge declared = options("--server", "qwen", "--prompt", "j1-verdict").judge(models);
    EvaluatedJudge byUrl =
        options(
                "--server",
                "http://127.0.0.1:8000/v1",
                "--server-model",
                "qwen",
                "--prompt",
                "j1-verdict",
                "--votes",
                "5")
            .judge(models);
    EvaluatedJudge ofRunFile = options("--judge", "rrm-elo", "--server", "qwen").judge(models);

    // Then
    assertThat(declared.name()).isEqualTo("qwen");
    assertThat(((ModelJudge) declared.section()).models())
        .containsExactly(new JudgePanel.Model.NamedServer("qwen"));
    assertThat(((ModelJudge) byUrl.section()).models())
        .singleElement()
        .isInstanceOfSatisfying(
            JudgePanel.Model.Server.class,
            server -> {
              assertThat(server.url()).isEqualTo("http://127.0.0.1:8000/v1");
              assertThat(server.model()).isEqualTo("qwen");
            });
    assertThat(((ModelJudge.Tournament) byUrl.section()).panel().votes()).isEqualTo(5);
    assertThat(((ModelJudge) ofRunFile.section()).models())
        .containsOnly(new JudgePanel.Model.NamedServer("qwen"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--server qwen | --prompt: missing (expected: a judge prompt, by name or file, with --server)",
        "--server qwen --model m --prompt rrm | (expected: without --server; --server-model names",
        "--server qwen --server-model m --prompt rrm | --server-model: 'm' (expected: only with a URL;",
        "--server-model m --prompt rrm | --server-model: 'm' (expected: together with --server URL)",
        "--server http://h/v1 --prompt rrm | --server-model: missing (expected: the name of the model at http://h/v1)",
        "--server host:80 --prompt rrm | --server: 'host:80' (expected: the name of a server that --servers declares",
        "--server qwen --prompt rrm --grammar auto | --grammar: 'auto' (expected: a judge with a model in this process",
        "--server qwen --prompt rrm --weights INT8 | --weights: int8 (expected: a judge with a model in this process",
        "--server qwen --judge gsm8k-answers | --server (expected: a judge that asks one language model;",
      })
  void shouldRefuseWhatDoesNotGoWithAServer(String arguments, String message) throws IOException {
    // Given
    String model = Files.createDirectories(directory.resolve("m")).toString();

    // When / Then
    assertThatThrownBy(
            () ->
                options(arguments.replace("--model m", "--model " + model).split(" "))
                    .judge(models))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldNameModelsByTheirDirectories() throws IOException {
    // Given
    Path before = RandomModel.writeScalar(directory.resolve("before"));
    Path after = RandomModel.writeScalar(directory.resolve("after"));

    // Then
    assertThat(options("--model", before.toString(), "--model", after.toString()).judges(models))
        .containsOnlyKeys("before", "after");
    assertThatThrownBy(
            () ->
                options("--model", before.toString(), "--model", before.toString()).judges(models))
        .hasMessage("--model: '%s' twice (expected: each judge once)".formatted(before));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--judge a --judge b --model . --model .. ; --model: 2 models with 2 of --judge (expected:"
            + " several of only one of these options)",
        "--judge rrm-elo --judge rrm-elo ; --judge: 'rrm-elo' twice (expected: each judge once)",
        "--judge rrm-elo --judge none ; --judge: 'none' (expected: the name of a run file of"
            + " ops/runs, or a judge of --run-file)",
        "--prompt j1-verdict ; no judge (expected: --run-file FILE, --judge NAME, --model NAME|DIR"
            + " or --server NAME|URL)",
      })
  void shouldRejectOtherCombinations(String given, String message) {
    assertThatThrownBy(() -> options(given.split(" ")).judges(models)).hasMessage(message);
  }

  @Test
  void shouldRejectSeveralWhereOneIsExpected() {
    assertThatThrownBy(() -> options("--judge", "a", "--judge", "b").judge(models))
        .hasMessage("--judge: 'a', 'b' (expected: one)");
    assertThatThrownBy(() -> options("--model", "a", "--model", "b").judge(models))
        .hasMessage("--model: 'a', 'b' (expected: one)");
  }

  private static EvaluatedJudgeOptions options(String... options) {
    return CommandLine.populateCommand(new EvaluatedJudgeOptions(), options);
  }
}
