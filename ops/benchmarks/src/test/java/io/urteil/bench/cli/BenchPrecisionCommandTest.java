package io.urteil.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.UrteilCommand;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.testing.RandomModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchPrecisionCommandTest {

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path directory;
  private final Path report;

  BenchPrecisionCommandTest(@TempDir Path directory) {
    this.directory = directory;
    this.report = directory.resolve("precision.json");
  }

  @Test
  void shouldCompareTheSeedJudgeWithBothPrecisionsOnItsOwnProblems() throws Exception {
    // Given
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);

    // When
    JsonNode figures = reported("--model", model.toString(), "--limit", "15");

    // Then
    assertThat(figures.path("benchmark").asText()).isEqualTo("arithmetic");
    assertThat(figures.path("pairs").asInt()).isEqualTo(15);
    assertThat(figures.path("comparisons").asInt()).isEqualTo(30);
    assertThat(figures.path("failed").asInt()).isZero();
    int changed = figures.path("changed").asInt();
    assertThat(changed).isBetween(0, 30);
    assertThat(figures.path("changes")).hasSize(changed);
    assertThat(figures.path("changedShare").asDouble()).isEqualTo(changed / 30.0);
    assertThat(figures.path("f32Accuracy").asDouble()).isBetween(0.5, 1.0);
    assertThat(figures.path("int8Accuracy").asDouble()).isBetween(0.5, 1.0);
    assertThat(figures.path("textsChanged").asInt()).isBetween(1, 30);
    assertThat(figures.path("int8WeightBytes").asLong())
        .isBetween(1L, figures.path("f32WeightBytes").asLong() / 2);
    assertThat(figures.path("int8Judge").asText())
        .isEqualTo(figures.path("f32Judge").asText() + "+int8");
    assertThat(output.toString())
        .contains(
            "arithmetic: 15 pairs, 30 comparisons", "| f32 ", "| int8 ", "changed: " + changed)
        .doesNotContain("failed:");
  }

  @Test
  void shouldCompareTheScoresOfARewardModel() throws Exception {
    // Given
    Path model = RandomModel.writeScalar(directory.resolve("reward").resolve("model"));

    // When
    JsonNode figures = reported("hhh", "--model", model.toString(), "--limit", "4");

    // Then
    assertThat(figures.path("comparisons").asInt()).isEqualTo(4);
    assertThat(figures.path("bothOrdersChanged").isNull()).isTrue();
    assertThat(figures.path("textsChanged").isNull()).isTrue();
    assertThat(figures.path("scoreChangeMean").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(figures.path("scoreChangeMax").asDouble());
    assertThat(figures.path("scoreGapMean").asDouble()).isPositive();
    assertThat(figures.path("int8Judge").asText()).startsWith("scalar/1 ").endsWith("+int8");
    assertThat(output.toString()).contains("scores: mean change ").doesNotContain("texts:");
  }

  @Test
  void shouldAskAnyChatModelWithAPromptAboutPairsOfYourOwn() throws Exception {
    // Given: a model that writes nonsense
    Path model = RandomModel.writeChat(directory.resolve("chat").resolve("model"));
    Path prompt = directory.resolve("short.yaml");
    Files.writeString(
        prompt,
        """
        name: short
        version: 1
        system: none
        source: this test
        format: think-answer-scores
        maxTokens: 200
        text: "{{question}} {{answerA}} or {{answerB}}"
        """);
    Path pairs = directory.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "x", "question": "1+1?", "a": "2", "b": "3", "better": "A"}
        {"id": "y", "question": "1+2?", "a": "2", "b": "3", "better": "tie"}
        """);

    // When
    JsonNode figures =
        reported(
            "--model", model.toString(), "--prompt", prompt.toString(), "--data", pairs.toString());

    // Then
    assertThat(figures.path("benchmark").asText()).isEqualTo("pairs");
    assertThat(figures.path("comparisons").asInt()).isEqualTo(4);
    assertThat(figures.path("unparseableF32").asInt()).isEqualTo(4);
    assertThat(figures.path("unparseableInt8").asInt()).isEqualTo(4);
    assertThat(figures.path("changed").asInt()).isZero();
    assertThat(figures.path("scoreChangeMean").isNull()).isTrue();
  }

  @Test
  void shouldEndInFailureWhenNothingCouldBeJudged() throws Exception {
    // Given
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);
    Path pairs = directory.resolve("pairs.jsonl");
    Files.writeString(
        pairs,
        """
        {"id": "x", "question": "%s", "a": "2", "b": "3", "better": "A"}
        """
            .formatted("1+".repeat(400)));

    // When
    int status = run("--model", model.toString(), "--data", pairs.toString());

    // Then
    assertThat(status).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("urteil: judge 'tournament/1 ")
        .contains("failed for all 2 comparisons", "for 'x': ")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--limit 1 | '--model: missing (expected: a model directory, or a name on the hub)'",
        "--model MODEL --weights int8 | --weights: int8 (expected: none; both precisions are compared)",
        "--model MODEL --limit 0 | --limit: 0 (expected: at least 1)",
        "--model nowhere | no such directory",
        "nothing --model MODEL | benchmark: 'nothing' (expected: one of pandalm,",
        "pairs --model MODEL | --data: missing (expected: the files of pairs",
        "gsm8k --model MODEL | benchmark: 'gsm8k', comparison",
        "--model MODEL --data nowhere.jsonl | --data: no file nowhere.jsonl",
        "--model MODEL --prompt nothing | judge prompt: 'nothing' (expected: one of",
      })
  void shouldSayWhatIsWrong(String arguments, String message) throws Exception {
    // Given
    Path model = directory.resolve("seed-judge");
    SeedJudge.copyTo(model);

    // When
    int status = run(arguments.replace("MODEL", model.toString()).split(" "));

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).startsWith("urteil: ").contains(message).doesNotContain("\tat ");
    assertThat(output.toString()).isEmpty();
  }

  private JsonNode reported(String... arguments) throws Exception {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--report";
    all[arguments.length + 1] = report.toString();
    int status = run(all);
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    return new ObjectMapper().readTree(report.toFile());
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "bench";
    all[1] = "precision";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all);
  }
}
