package io.urteil.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Read;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VerdictOptionsTest {

  private static final String RUN =
      """
      run: several
      judges:
        exact: { type: answer }
        scores: { type: scalar, model: models/reward }
        one: { type: tournament, model: models/a, prompt: j1-verdict, maxTokens: 64, seed: 7 }
        warm: { type: tournament, model: models/a, prompt: j1-verdict, votes: 3, temperature: 0.7 }
        far: { type: tournament, server: big, prompt: j1-verdict }
        sure: { type: tournament, model: models/a, prompt: self-judge, read: text }
      reward: { rule: correct, judge: exact, unparseable: 0 }
      batch: { kind: none }
      """;

  @Test
  void shouldLeaveTheJudgeOfARunFileAsItIsWithoutOptions() {
    assertThat(panel("warm")).isEqualTo(described("warm").panel());
    assertThat(panel("sure").read()).isEqualTo(Read.TEXT);
    assertThat(panel("one").read()).isNull();
  }

  @Test
  void shouldReplaceWhatIsGivenAndKeepTheRest() {
    // When
    JudgePanel panel =
        panel(
            "one",
            "--votes",
            "5",
            "--max-tokens",
            "9",
            "--read",
            "probabilities-in-text",
            "--grammar",
            "auto");

    // Then
    assertThat(panel.votes()).isEqualTo(5);
    assertThat(panel.temperature()).isEqualTo(1);
    assertThat(panel.maxTokens()).isEqualTo(9);
    assertThat(panel.read()).isEqualTo(Read.PROBABILITIES_IN_TEXT);
    assertThat(panel.grammar()).isEqualTo("auto");
    assertThat(panel.seed()).isEqualTo(7);
  }

  @Test
  void shouldKeepTheTemperatureOfSampledVotes() {
    assertThat(panel("warm", "--votes", "5").temperature()).isEqualTo(0.7);
    assertThat(panel("warm", "--votes", "1").temperature()).isEqualTo(0.7);
    assertThat(panel("warm", "--votes", "1", "--temperature", "0").temperature()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one | --votes 0 | --votes: 0 (expected: a whole number of at least 1)",
        "one | --max-tokens 0 | --max-tokens: 0 (expected: a whole number of at least 1)",
        "one | --temperature -1 | --temperature: -1.0 (expected: a number of at least 0)",
        "one | --votes 3 --temperature 0 | --temperature: 0 (expected: above 0 for 3 votes, which",
        "warm | --read probabilities | --votes: 3 (expected: 1 with --read probabilities, which",
        "one | --read words | --read: 'words' (expected: text, probabilities or",
        "one | --grammar j1 | grammar: 'j1' (expected: one of think-answer-scores, ",
        "one | --grammar auto --read probabilities | --grammar: 'auto' (expected: none with --read",
        "far | --grammar auto | --grammar: 'auto' (expected: a judge with a model in this process; 'far' asks",
        "exact | --votes 3 | --votes: 3 (expected: a judge that asks a language model; 'exact' is of type answer)",
        "scores | --max-tokens 3 | --max-tokens: 3 (expected: a judge that asks a language model; 'scores'"
      })
  void shouldRejectValuesThatDoNotFitTheJudge(String judge, String options, String message) {
    assertThatThrownBy(() -> panel(judge, options.split(" ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void shouldIgnoreTheSeedOfARewardModel() {
    assertThat(options("--seed", "3").applyTo(evaluated("scores")).section())
        .isEqualTo(evaluated("scores").section());
  }

  @Test
  void shouldReplaceTheKeysOfAllJudgesOfARunFileThatAskALanguageModel() {
    // Given
    RunFile run =
        RunFileReader.read(
            "run.yaml", RUN.replace("prompt: j1-verdict }", "prompt: j1-verdict, shadow: {} }"));

    // When
    RunFile changed =
        CommandLine.populateCommand(new PanelOptions(), "--max-tokens", "9").applyTo(run);

    // Then
    assertThat(((ModelJudge) judge(changed, "warm")).withPanel(panel -> panel.withMaxTokens(null)))
        .isEqualTo(run.judges().get("warm"));
    for (String judge : List.of("one", "warm", "sure")) {
      assertThat(((ModelJudge.Tournament) judge(changed, judge)).panel().maxTokens())
          .as(judge)
          .isEqualTo(9);
    }
    assertThat(
            ((ModelJudge.Tournament) Objects.requireNonNull(changed.shadows().get("far")).judge())
                .panel()
                .maxTokens())
        .isEqualTo(9);
    assertThat(changed.judges().get("scores")).isEqualTo(run.judges().get("scores"));
    assertThat(new PanelOptions().applyTo(run)).isSameAs(run);
  }

  @Test
  void shouldRejectOptionsForARunFileWithoutALanguageModel() {
    // Given
    RunFile run =
        RunFileReader.read(
            "run.yaml",
            """
            run: rules
            judges: { exact: { type: answer } }
            reward: { rule: correct, unparseable: 0 }
            batch: { kind: none }
            """);

    // When / Then
    assertThatThrownBy(
            () -> CommandLine.populateCommand(new PanelOptions(), "--votes", "3").applyTo(run))
        .hasMessage(
            "--votes: 3 (expected: a judge that asks a language model; 'exact' is of type answer)");
    assertThat(CommandLine.populateCommand(new PanelOptions(), "--seed", "3").applyTo(run))
        .isEqualTo(run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"self-judge", "self-judge+marked"})
  void shouldKnowPromptsThatAreMadeForProbabilities(String prompt) {
    assertThat(JudgePrompts.find(prompt).read()).isEqualTo(JudgePrompt.Read.PROBABILITIES);
    assertThat(JudgePrompts.find("j1-verdict").read()).isEqualTo(JudgePrompt.Read.TEXT);
  }

  private static JudgeSection judge(RunFile run, String name) {
    return Objects.requireNonNull(run.judges().get(name), name);
  }

  private static JudgePanel panel(String judge, String... options) {
    return ((ModelJudge.Tournament) options(options).applyTo(evaluated(judge)).section()).panel();
  }

  private static ModelJudge.Tournament described(String judge) {
    return (ModelJudge.Tournament) evaluated(judge).section();
  }

  private static EvaluatedJudge evaluated(String judge) {
    return new EvaluatedJudge(
        judge,
        Objects.requireNonNull(RunFileReader.read("run.yaml", RUN).judges().get(judge), judge),
        null);
  }

  private static VerdictOptions options(String... options) {
    return CommandLine.populateCommand(new VerdictOptions(), options);
  }
}
