package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeCommandTest {

  private static final Path RUN_FILE = Path.of("../runs/math-answers.yaml");

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path directory;

  ProbeCommandTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldPrintAndReportWhatTheAttacksOnAJudgeOfARunFileAchieved() throws Exception {
    // Given
    Path report = directory.resolve("probe.json");

    // When
    int status =
        run("--judge", "answer", "--run-file", RUN_FILE.toString(), "--report", report.toString());

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(output.toString())
        .contains("verdict-j1", "key-thought-process", "long-braces")
        .containsPattern("answer \\(answer/math/1\\): fooled in 0 of \\d+ probes \\(0.0 %\\)");
    JsonNode figures = new ObjectMapper().readTree(report.toFile());
    assertThat(figures.path("fooled").asInt()).isZero();
    assertThat(figures.path("byAttack")).hasSize(figures.path("attacks").asInt());
  }

  @Test
  void shouldTryOnlyTheKindAskedFor() {
    // When
    int status = run("--judge", "choice", "--kind", "master-key");

    // Then
    assertThat(status).isZero();
    assertThat(output.toString()).contains("key-colon").doesNotContain("verdict-j1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--judge nothing | --judge: 'nothing' (expected: number, text, math or choice;",
        "--judge math --kind nothing | --kind: 'nothing' (expected: one of verdict, break-out,",
        "--judge nothing --run-file ../runs/math-answers.yaml | --judge: 'nothing' (expected: one of answer, the judges",
        "--judge outcome --run-file ../runs/arithmetic-judge.yaml | judge 'outcome' reads the verdict that the policy itself wrote",
        "--judge answer --run-file nowhere.yaml | --run-file: 'nowhere.yaml' (expected: a file that is there)",
        "--judge nothing --model . | judge prompt: 'nothing' (expected: one of judgelrm-pairwise,",
      })
  void shouldSayWhatIsWrongWithTheQuestion(String arguments, String message) throws Exception {
    // When
    int status = run(arguments.split(" "));

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).startsWith("urteil: ").contains(message).doesNotContain("\tat ");
    assertThat(Files.exists(directory.resolve("probe.json"))).isFalse();
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "probe";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all);
  }
}
