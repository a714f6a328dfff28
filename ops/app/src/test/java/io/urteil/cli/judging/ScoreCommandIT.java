package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.UrteilCommand;
import io.urteil.testing.RandomModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path directory;
  private final Path input;
  private final Path out;

  ScoreCommandIT(@TempDir Path directory) throws Exception {
    this.directory = directory;
    this.out = directory.resolve("rewards.jsonl");
    this.input =
        Files.writeString(
            directory.resolve("answers.jsonl"),
            """
            {"prompt": "1+1?", "responses": ["2", "3"]}
            {"prompt": "2+2?", "responses": ["4", "5"]}
            {"prompt": "3+3?", "responses": ["6", "7"]}
            """);
    RandomModel.writeChat(directory.resolve("model"));
    Files.writeString(
        directory.resolve("run.yaml"),
        """
        run: shared
        group: { arms: [only], samplesPerArm: 2, deadline: 1m }
        judges: { yes: { type: generative, model: models/judge, prompt: j1-pointwise } }
        reward: { rule: scalar }
        batch: { kind: none }
        """);
  }

  @Test
  void shouldReplaceModelPromptAndKeysOfTheJudgeAndScoreTheFirstPrompts() throws Exception {
    // When
    int status =
        score("--prompt", "yes-no", "--read", "probabilities", "--weights", "int8", "--limit", "2");

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(output.toString()).contains("2 prompts, 2 complete; 4 responses");
    assertThat(lines()).extracting(line -> line.path("status").asText()).containsOnly("complete");
  }

  @Test
  void shouldCallAGroupWithoutARewardFailed() throws Exception {
    // When
    int status = score("--max-tokens", "2", "--limit", "1");

    // Then
    assertThat(status).isEqualTo(1);
    assertThat(errors.toString()).contains("2 without a reward: ");
    assertThat(lines()).extracting(line -> line.path("status").asText()).containsExactly("failed");
  }

  @Test
  void shouldRejectAPromptOfAnotherKind() {
    // When
    int status = score("--prompt", "j1-verdict");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .contains("--prompt: 'j1-verdict' (expected: a prompt for a judge of run file 'shared-")
        .contains("none of them is pairwise)");
  }

  private List<JsonNode> lines() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private int score(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "score",
                input.toString(),
                "--run",
                directory.resolve("run.yaml").toString(),
                "--model",
                directory.resolve("model").toString(),
                "--out",
                out.toString(),
                "--data-dir",
                directory.resolve("data").toString()));
    all.addAll(List.of(more));
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all.toArray(String[]::new));
  }
}
