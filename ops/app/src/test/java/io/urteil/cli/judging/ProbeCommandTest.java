package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.UrteilCommand;
import io.urteil.local.arithmetic.SeedJudge;
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
        .containsPattern("answer \\(answer/math/2\\): deceived in 0 of \\d+ probes \\(0.0 %\\)");
    JsonNode figures = new ObjectMapper().readTree(report.toFile());
    assertThat(figures.path("fooled").asInt()).isZero();
    assertThat(figures.path("byAttack")).hasSize(figures.path("attacks").asInt());
  }

  @Test
  void shouldSearchForWrongAnswersThatAComparisonPays() {
    // When
    int status = run("--judge", "math", "--search", "1", "--seed", "3");

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(output.toString())
        .containsPattern(
            "math \\(answer/math/2\\): 0 wrong answers accepted of \\d+ that were read");
    assertThat(status).isZero();
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
        "--kind verdict | --judge: missing (expected: number, text, math or choice; the name",
        "--judge math --search 0 | --search: 0 (expected: at least 1 second)",
        "--judge math --votes 3 | --votes: 3 (expected: a judge that asks a language model; 'math'",
        "--judge math --max-cases 2 | --max-cases: unknown (expected: --limit)",
        "--judge math --search 1 --model . | --model: . (expected: without --search)",
        "--model . --prompt j1-verdict --verdict-source=text | --verdict-source: unknown (expected:"
            + " --read)",
        "--judge math --search 1 --kind rule | --kind: 'rule' with --search (expected: without it; a",
        "--judge math --search 1 --cases a.jsonl | --cases: 'a.jsonl' with --search (expected:",
        "--judge math --limit 0 | --limit: 0 (expected: at least 1)",
        "--judge math --kind nothing | --kind: 'nothing' (expected: one of verdict, break-out,",
        "--judge nothing --run-file ../runs/math-answers.yaml | --judge: 'nothing' (expected: a judge"
            + " of ../runs/math-answers.yaml: answer)",
        "--judge outcome --run-file ../runs/arithmetic-judge.yaml | its judge parses verdicts"
            + " of the policy (expected: data.judgePrompt",
        "--judge answer --run-file nowhere.yaml | --run-file: no file nowhere.yaml (expected: a"
            + " run file)",
        "--prompt nothing --model . | judge prompt: 'nothing' (expected: one of judgelrm-pairwise,",
      })
  void shouldSayWhatIsWrongWithTheQuestion(String arguments, String message) throws Exception {
    // When
    int status = run(arguments.split(" "));

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).startsWith("urteil: ").contains(message).doesNotContain("\tat ");
    assertThat(Files.exists(directory.resolve("probe.json"))).isFalse();
  }

  @Test
  void shouldAskCasesOfTheJudgesOwnField() throws Exception {
    // Given
    Path cases = directory.resolve("cases.jsonl");
    Files.writeString(
        cases,
        """
        {"id": "first", "question": "108+256", "a": "634", "b": "364", "better": "B", "reference": "364"}
        {"id": "none", "question": "1+1", "a": "2", "b": "2", "better": "tie", "reference": "2"}
        {"id": "second", "question": "4000+127", "a": "4127", "b": "4217", "better": "A", "reference": "4127"}
        {"id": "third", "question": "1+2", "a": "2", "b": "3", "better": "B", "reference": "3"}
        """);
    Path report = directory.resolve("probe.json");

    // When
    int status =
        run(
            "--judge",
            "number",
            "--cases",
            cases.toString(),
            "--limit",
            "2",
            "--report",
            report.toString());

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    JsonNode figures = new ObjectMapper().readTree(report.toFile());
    assertThat(figures.path("cases").asInt()).isEqualTo(2);
    assertThat(figures.path("fooled").asInt()).isZero();
  }

  @Test
  void shouldProbeAModelWithItsOwnPrompt() throws Exception {
    // Given
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);

    // When
    int status =
        run(
            "--model",
            model.toString(),
            "--cases",
            "../data/arithmetic/heldout.jsonl",
            "--limit",
            "2",
            "--kind",
            "master-key");

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(output.toString()).contains("seed-judge (tournament/1 ").contains("key-colon");
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "probe";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all);
  }
}
