package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.cli.UrteilCommand;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.testing.RandomModel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path seed;
  private final Path chat;
  private final Path reward;

  CompareCommandTest(@TempDir Path directory) {
    this.seed = directory.resolve("seed");
    this.chat = directory.resolve("chat");
    this.reward = directory.resolve("reward");
  }

  @Test
  void shouldShowTheJudgementsOfEachModelAsJudgeDoes() throws Exception {
    // Given
    SeedJudge.copyTo(seed);
    List<String> alone = alone("120+340", "460", "461");

    // When
    int status = compare(List.of(seed, seed), "120+340", "460", "461");

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(output.toString()).contains("seed (1)", "seed (2)");
    assertThat(output.toString().replaceAll("\\s+", ""))
        .contains(alone.stream().map(line -> line.replaceAll("\\s+", "")).toList());
    assertThat(output.toString())
        .containsPattern("\n(agree: all models preferred [AB]|undecided: seed \\(1\\) has no )");
  }

  @Test
  void shouldReportOneModelInTwoPrecisions() throws Exception {
    // Given
    SeedJudge.copyTo(seed);

    // When
    int status =
        compare(
            List.of(seed, seed),
            "--weights",
            "f32",
            "--weights",
            "int8",
            "--json",
            "120+340",
            "460",
            "461");

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    JsonNode report = new ObjectMapper().readTree(output.toString());
    assertThat(report.path("models").findValuesAsText("model"))
        .containsExactly("seed f32", "seed int8");
    assertThat(report.path("models").path(0).path("result").path("judge").asText())
        .doesNotContain("int8");
    assertThat(report.path("models").path(1).path("result").path("judge").asText())
        .contains("int8");
    assertThat(report.path("models").path(0).path("votes").findValuesAsText("order"))
        .containsExactly("A,B", "B,A");
    assertThat(report.path("models").path(0).path("votes").findValuesAsText("text"))
        .allMatch(text -> text.contains("<think>") || text.contains("</think>"));
  }

  @Test
  void shouldCompareAJudgeWithARewardModel() throws Exception {
    // Given
    RandomModel.writeChat(chat);
    RandomModel.writeScalar(reward);

    // When
    int status =
        compare(List.of(chat, reward), "--prompt", "self-judge", "--json", "2+2?", "4", "5");

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    JsonNode models = new ObjectMapper().readTree(output.toString()).path("models");
    assertThat(models.path(0).path("votes").path(0).path("probabilities")).hasSize(2);
    assertThat(models.path(1).path("votes")).isEmpty();
    assertThat(models.path(1).path("result").path("scores")).hasSize(2);
    assertThat(models.path(1).path("decision").asText()).isIn("A", "B");
  }

  @Test
  void shouldShowTheOthersIfAModelCannotBeUsed() throws Exception {
    // Given
    SeedJudge.copyTo(seed);

    // When
    int status = compare(List.of(chat, seed), "120+340", "460", "461");

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith("urteil: chat: Model '" + chat + "' cannot be used")
        .doesNotContain("\tat ");
    assertThat(output.toString())
        .contains("no such directory", "A = 460, B = 461", "undecided: chat has no decision");
  }

  @Test
  void shouldShowTheOthersIfAJudgeFails() throws Exception {
    // Given
    RandomModel.writeChat(chat);
    RandomModel.writeScalar(reward);

    // When
    int status =
        compare(
            List.of(chat, reward), "--prompt", "j1-verdict", "--max-tokens", "4", "2+2?", "4", "5");

    // Then
    assertThat(status).isEqualTo(1);
    assertThat(errors.toString()).startsWith("urteil: chat: the answer was cut off after 4 tokens");
    assertThat(output.toString()).contains("failed").containsPattern("score    -?\\d");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | | (expected: at least two models; 'urteil judge' asks one)",
        "3 | --weights int8 --weights f32 | --weights: given 2 times (expected: once for all models, or once for each of the 3)",
        "3 | --prompt rrm --prompt ruler | --prompt: given 2 times (expected: once for all models, or once for each of the 3)",
        "2 | --votes 0 | --votes: 0 (expected: a whole number of at least 1)"
      })
  void shouldRejectOptionsThatDoNotFit(int models, String options, String message)
      throws Exception {
    // Given
    SeedJudge.copyTo(seed);
    List<String> arguments = new ArrayList<>();
    if (options != null) {
      arguments.addAll(List.of(options.split(" ")));
    }
    arguments.addAll(List.of("120+340", "460", "461"));

    // When
    int status = compare(Collections.nCopies(models, seed), arguments.toArray(String[]::new));

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
    assertThat(output.toString()).isEmpty();
  }

  /** The lines that {@code urteil judge} prints. */
  private List<String> alone(String... question) {
    StringWriter text = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("judge", "--model", seed.toString()));
    arguments.addAll(List.of(question));
    UrteilCommand.line(new PrintWriter(text, true), new PrintWriter(errors, true))
        .execute(arguments.toArray(String[]::new));
    return text.toString().lines().filter(line -> line.length() < 35).toList();
  }

  private int compare(List<Path> models, String... arguments) {
    List<String> all = new ArrayList<>(List.of("compare"));
    models.forEach(model -> all.addAll(List.of("--model", model.toString())));
    all.addAll(List.of(arguments));
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(all.toArray(String[]::new));
  }
}
