package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluatedJudgeTest {

  private static final String RUN =
      """
      run: several
      judges:
        exact: { type: answer }
        local: { type: generative, model: models/a, prompt: j1-pointwise, votes: 3 }
        jury: { type: tournament, prompt: rrm, panel: { a: { model: m }, b: { model: n } } }
        remote: { type: listwise, server: { url: u, model: m }, prompt: ruler }
        aside: { type: answer, shadow: {} }
      reward: { rule: correct, judge: local, unparseable: 0 }
      batch: { kind: none }
      """;

  private final Path directory;

  EvaluatedJudgeTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void shouldTakeTheJudgeThatIsPaidWithTheModelAndPrecisionThatAreAskedFor() throws IOException {
    // When
    EvaluatedJudge paid =
        EvaluatedJudge.ofRunFile(file(RUN), null, directory).withWeights(Weights.INT8);

    // Then
    assertThat(paid.name()).isEqualTo("local");
    assertThat(Objects.requireNonNull(paid.reward()).rule()).isEqualTo("correct");
    assertThat(paid.section())
        .isInstanceOfSatisfying(
            ModelJudge.Generative.class,
            judge -> {
              assertThat(judge.models())
                  .containsExactly(
                      new JudgePanel.Model.Local(
                          directory.toAbsolutePath().normalize(), Weights.INT8));
              assertThat(judge.panel().votes()).isEqualTo(3);
            });
  }

  @Test
  void shouldRefuseAModelForAJudgeThatDoesNotAskOne() throws IOException {
    Path file = file(RUN);

    for (String judge : new String[] {"exact", "jury", "remote"}) {
      assertThatThrownBy(() -> EvaluatedJudge.ofRunFile(file, judge, directory))
          .hasMessageStartingWith("--model: " + directory)
          .hasMessageContaining("'" + judge + "' has none");
    }
    assertThatThrownBy(
            () -> EvaluatedJudge.ofRunFile(file, "remote", null).withWeights(Weights.INT8))
        .hasMessageStartingWith("--weights: int8");
    assertThatThrownBy(() -> EvaluatedJudge.ofRunFile(file, "nobody", null))
        .hasMessageContaining("--judge: 'nobody'")
        .hasMessageContaining("exact, local, jury, remote");
  }

  @Test
  void shouldAskThePolicyItselfWhereTheJudgeReadsWhatThePolicyWrote() throws IOException {
    // Given
    Path file =
        file(
            """
            run: trained
            policy: { model: models/policy }
            data: { prompts: pairs.jsonl, judgePrompt: j1-verdict }
            sampling: { maxTokens: 64 }
            judges: { verdict: { type: verdict, format: j1-verdict } }
            reward: { rule: j1-verdict, unparseable: 0 }
            train: { steps: 1, learningRate: 1.0e-6 }
            """);

    // When
    EvaluatedJudge evaluated = EvaluatedJudge.ofRunFile(file, null, null);

    // Then
    assertThat(evaluated.section())
        .isInstanceOfSatisfying(
            ModelJudge.Tournament.class,
            judge -> {
              assertThat(judge.models())
                  .containsExactly(
                      new JudgePanel.Model.Local(Path.of("models/policy"), Weights.F32));
              assertThat(judge.panel().maxTokens()).isEqualTo(64);
              assertThat(judge.orders()).isEqualTo(CandidateOrders.GIVEN);
            });
  }

  @Test
  void shouldTakeARunFileThatComesWithTheProject() throws IOException {
    EvaluatedJudge evaluated = EvaluatedJudge.ofRunFile(null, "math-answers", null);

    assertThat(evaluated.section()).isEqualTo(new RuleJudge.Answer(RuleJudge.Compare.MATH));
  }

  @ParameterizedTest
  @CsvSource({"j1-verdict, true, true", "j1-verdict, false, false", "self-judge, false, false"})
  void shouldShowThePolicyTheReferenceInEvaluationWhenItIsShownInTraining(
      String prompt, boolean inTraining, boolean inEvaluation) throws IOException {
    // Given
    Path file =
        file(
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
    EvaluatedJudge judge = EvaluatedJudge.ofRunFile(file, null, null);

    // Then
    assertThat(judge.section())
        .isInstanceOfSatisfying(
            ModelJudge.Tournament.class,
            asked -> {
              assertThat(EvaluatedJudge.prompt(asked)).isEqualTo(prompt);
              assertThat(asked.panel().maxTokens()).isEqualTo(77);
              assertThat(asked.panel().reference()).isEqualTo(inEvaluation);
            });
  }

  @Test
  void shouldSayThatAModelDirectoryIsNotThere() {
    assertThatThrownBy(() -> EvaluatedJudge.ofModel(directory.resolve("none"), null))
        .hasMessageContaining("no such directory");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("run.yaml"), text);
  }
}
