package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.run.judge.RuleJudge.Compare;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The answer judge against 800 sampled solutions of MATH problems and their recorded grades. */
class MathAnswersTest {

  private static final Path DATA = Path.of("../../ops/data/math-bon8/math_cot_100.jsonl.gz");

  @Test
  void shouldGradeAsRecordedButForOneWrongRecordWhenJudgingRealSolutions() throws IOException {
    // Given
    AnswerJudge judge = new AnswerJudge(Compare.MATH);
    List<String> disagreements = new ArrayList<>();
    int judged = 0;

    // When
    for (JsonNode problem : problems()) {
      String reference = problem.get("gt").asText();
      for (int i = 0; i < problem.get("code").size(); i++) {
        Rollout rollout =
            TestEvents.rollout(
                    TestEvents.prompt(0).build(), "AB", 0, problem.get("code").get(i).asText())
                .setReference(reference)
                .build();
        boolean recorded = problem.get("score").get(i).asBoolean();
        judged++;
        if (judge.judge(rollout)
                instanceof Finding.Scored(Verdict verdict, String answer, var evidence)
            && AnswerJudge.RIGHT.equals(verdict.getLabel()) != recorded) {
          disagreements.add(
              "'%s' against '%s', recorded %s".formatted(answer, reference, recorded));
        }
      }
    }

    // Then
    System.out.printf(
        "math-bon8: %d of %d as recorded (%.2f %%); otherwise: %s%n",
        judged - disagreements.size(),
        judged,
        100.0 * (judged - disagreements.size()) / judged,
        disagreements);
    assertThat(judged).isEqualTo(800);
    assertThat(disagreements).containsExactly("'10000' against '10{,}000', recorded false");
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
