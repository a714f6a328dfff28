package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.Finding;
import io.urteil.run.judge.RuleJudge.Compare;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The answer judge against 5,276 recorded answers of real models and their recorded grades. */
class Gsm8kAnswersTest {

  private static final Path DATA = Path.of("../../ops/data/gsm8k/example_model_solutions.jsonl.gz");
  private static final List<String> MODELS =
      List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");

  @ParameterizedTest
  @EnumSource(names = {"NUMBER", "MATH"})
  void shouldGradeAsRecordedWhenJudgingRealAnswers(Compare compare) throws IOException {
    // Given
    AnswerJudge judge = new AnswerJudge(compare);
    Map<String, Integer> right = new LinkedHashMap<>();
    List<String> disagreements = new ArrayList<>();
    int[] unparseable = new int[1];

    // When
    for (JsonNode problem : problems()) {
      String reference = problem.get("ground_truth").asText();
      for (String model : MODELS) {
        JsonNode answer = problem.get(model);
        Finding finding = judge.judge(rollout(answer.get("solution").asText(), reference));
        boolean judgedRight =
            finding instanceof Finding.Scored scored
                && AnswerJudge.RIGHT.equals(scored.verdict().getLabel());
        unparseable[0] += finding instanceof Finding.Unparseable ? 1 : 0;
        right.merge(model, judgedRight ? 1 : 0, Integer::sum);
        if (judgedRight != answer.get("is_correct").asBoolean()) {
          disagreements.add(
              "%s: '%s' against '%s'".formatted(model, answer.get("solution").asText(), reference));
        }
      }
    }

    // Then
    System.out.printf(
        "gsm8k, %s: right %s, unparseable %d, otherwise than recorded %d of 5276: %s%n",
        judge.version(), right, unparseable[0], disagreements.size(), disagreements);
    assertThat(disagreements).isEmpty();
    assertThat(right.values()).containsExactly(286, 515, 458, 742);
    assertThat(unparseable[0]).isLessThan(10);
  }

  private static Rollout rollout(String solution, String reference) {
    return TestEvents.rollout(TestEvents.prompt(0).build(), "AB", 0, solution)
        .setReference(reference)
        .build();
  }

  private static List<JsonNode> problems() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> problems = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DATA)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        problems.add(mapper.readTree(line));
      }
    }
    return problems;
  }
}
