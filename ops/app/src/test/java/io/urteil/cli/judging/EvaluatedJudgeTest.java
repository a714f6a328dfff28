package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatedJudgeTest {

  private final Path directory;

  EvaluatedJudgeTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @ParameterizedTest
  @CsvSource({"j1-verdict, true, true", "j1-verdict, false, false", "self-judge, false, false"})
  void shouldShowThePolicyTheReferenceInEvaluationWhenItIsShownInTraining(
      String prompt, boolean inTraining, boolean inEvaluation) throws IOException {
    // Given
    Path file =
        Files.writeString(
            directory.resolve("run.yaml"),
            """
            run: test
            policy: { model: here }
            data: { prompts: pairs.jsonl, judgePrompt: %s, showReference: %s }
            group: { arms: [AB, BA] }
            sampling: { maxTokens: 77 }
            judges: { verdict: { type: verdict, format: j1-verdict } }
            reward: { rule: j1-verdict, unparseable: 0 }
            batch: { kind: none }
            """
                .formatted(prompt, inTraining));

    // When
    EvaluatedJudge judge = EvaluatedJudge.ofRunFile(file, null, null, null);

    // Then
    assertThat(judge.section().path("prompt").asText()).isEqualTo(prompt);
    assertThat(judge.section().path("maxTokens").asInt()).isEqualTo(77);
    assertThat(judge.section().path("reference").asBoolean()).isEqualTo(inEvaluation);
  }

  @Test
  void shouldSayThatAModelDirectoryIsNotThere() {
    assertThatThrownBy(() -> EvaluatedJudge.ofModel(directory.resolve("none"), null, null))
        .hasMessageContaining("there is no such directory");
  }
}
