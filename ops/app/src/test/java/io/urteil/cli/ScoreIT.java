package io.urteil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.embedded.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real model outputs through the topics, as their users score them. */
class ScoreIT {

  private static final Path SOLUTIONS =
      Path.of("../data/gsm8k/example_model_solutions.jsonl.gz").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  ScoreIT(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldGradeGsm8kAsItWasRecorded() throws Exception {
    // Given
    Path report = directory.resolve("report.json");
    Path rewards = directory.resolve("rewards.jsonl");

    // When
    try (JavaProcess score =
        PackagedUrteil.start(
            directory,
            "score",
            SOLUTIONS.toString(),
            "--report",
            report.toString(),
            "--out",
            rewards.toString())) {
      assertThat(score.awaitExit(Duration.ofMinutes(3))).as(score.output()).isZero();
    }

    // Then
    JsonNode figures = JSON.readTree(report.toFile());
    assertThat(figures.path("groups").asInt()).isEqualTo(1_319);
    assertThat(figures.path("completeGroups").asInt()).isEqualTo(1_319);
    assertThat(figures.path("rollouts").asInt()).isEqualTo(5_276);
    assertThat(figures.path("disagreements").asInt()).isZero();
    assertMean(figures, "6b_finetuning", 286);
    assertMean(figures, "6b_verification", 515);
    assertMean(figures, "175b_finetuning", 458);
    assertMean(figures, "175b_verification", 742);
    List<String> lines = Files.readAllLines(rewards);
    assertThat(lines).hasSize(1_319);
    for (String line : lines) {
      assertAdvantagesOfTheRewards(JSON.readTree(line));
    }
  }

  @Test
  void shouldGradeMathAsRecordedButForOneWrongRecord() throws Exception {
    // Given
    Path report = directory.resolve("math.json");

    // When
    String output;
    try (JavaProcess score =
        PackagedUrteil.start(
            directory,
            "score",
            Path.of("../data/math-bon8/math_cot_100.jsonl.gz").toAbsolutePath().toString(),
            "--run",
            Path.of("../runs/math-answers.yaml").toAbsolutePath().toString(),
            "--report",
            report.toString())) {
      assertThat(score.awaitExit(Duration.ofMinutes(3))).as(score.output()).isZero();
      output = score.output();
    }

    // Then
    JsonNode figures = JSON.readTree(report.toFile());
    assertThat(figures.path("completeGroups").asInt()).isEqualTo(100);
    assertThat(figures.path("rollouts").asInt()).isEqualTo(800);
    assertThat(figures.path("disagreements").asInt()).isEqualTo(1);
    assertThat(figures.path("meanReward").path("all").asDouble()).isEqualTo(729 / 800.0);
    assertThat(output).contains("10{,}000");
  }

  @Test
  void shouldScoreLinesOfItsUsersAndListDisagreements() throws Exception {
    // Given
    Path input = directory.resolve("answers.jsonl");
    Files.writeString(
        input,
        """
        {"prompt": "1+1?", "responses": [{"text": "The answer is 2", "model": "a", "recorded": false}, "no idea"], "reference": "2"}
        """);

    // When
    String output;
    try (JavaProcess score = PackagedUrteil.start(directory, "score", input.toString())) {
      assertThat(score.awaitExit(Duration.ofMinutes(2))).as(score.output()).isZero();
      output = score.output();
    }

    // Then
    assertThat(output)
        .contains("line 1, a: recorded as wrong, reward 1.0")
        .contains("response:  The answer is 2")
        .contains("1 disagreements");
  }

  @Test
  void shouldNameTheLineThatIsNoInput() throws Exception {
    // Given
    Path input = directory.resolve("broken.jsonl");
    Files.writeString(input, "{\"prompt\": \"1+1?\", \"responses\": [\"2\"]}\nnot json\n");

    // When
    try (JavaProcess score = PackagedUrteil.start(directory, "score", input.toString())) {

      // Then
      assertThat(score.awaitExit(Duration.ofMinutes(2))).isNotZero();
      assertThat(score.output()).contains("broken.jsonl, line 2:");
    }
  }

  private static void assertMean(JsonNode figures, String model, int right) {
    assertThat(figures.path("meanReward").path(model).asDouble())
        .isEqualTo(right / 1_319.0, within(1e-9));
  }

  /** (r - mean) / (population standard deviation + 1e-4), written out once more. */
  private static void assertAdvantagesOfTheRewards(JsonNode line) {
    JsonNode rewards = line.path("rewards");
    double mean = 0;
    double squares = 0;
    for (JsonNode reward : rewards) {
      mean += reward.asDouble() / rewards.size();
    }
    for (JsonNode reward : rewards) {
      squares += Math.pow(reward.asDouble() - mean, 2) / rewards.size();
    }
    for (int i = 0; i < rewards.size(); i++) {
      double expected = (rewards.get(i).asDouble() - mean) / (Math.sqrt(squares) + 1e-4);
      assertThat(line.path("advantages").get(i).asDouble()).isEqualTo(expected, within(1e-9));
    }
  }
}
