package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.cli.models.NamedModels;
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
        "--prompt j1-verdict ; no judge (expected: --run-file FILE, --judge NAME or --model"
            + " NAME|DIR)",
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
