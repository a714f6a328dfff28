package io.urteil.judges.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.api.Finding;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.judge.ModelJudge;
import io.urteil.text.Origin;
import io.urteil.text.OriginText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerativeJudgeTest {

  private static final List<String> SAID = List.of("8", "3", "8", "nonsense", "6");

  private final ScriptedModel model =
      new ScriptedModel((shown, sample) -> "x</think><score>" + SAID.get(sample) + "</score>");

  @Test
  void shouldTakeTheMeanOfTheVotesThatCanBeRead() throws Exception {
    // When
    Finding finding = judge("votes: 5, combine: mean").judge(JudgeFixtures.rollout(0, "four"));

    // Then
    assertThat(verdict(finding).getScores()).containsExactly((8 + 3 + 8 + 6) / 4.0);
    assertThat(finding.evidence().votes()).hasSize(5);
    assertThat(finding.evidence().promptTokens()).isEqualTo(100);
    assertThat(finding.evidence().completionTokens()).isEqualTo(35);
  }

  @Test
  void shouldTakeTheMostFrequentScoreWhenVotesAreCounted() throws Exception {
    // When
    Finding finding = judge("votes: 5").judge(JudgeFixtures.rollout(0, "four"));

    // Then
    assertThat(verdict(finding).getScores()).containsExactly(8.0);
  }

  @Test
  void shouldShowWhatThePolicyWasAskedAndWhatItAnsweredAsData() throws Exception {
    // When
    Finding finding = judge("votes: 1").judge(JudgeFixtures.rollout(0, "four"));

    // Then
    List<OriginText.Run> pieces =
        model.requests().getFirst().prompt().messages().stream()
            .flatMap(message -> message.content().runs().stream())
            .filter(piece -> !piece.origin().isTrusted())
            .toList();
    assertThat(pieces)
        .containsExactly(
            new OriginText.Run("question 0 AB", Origin.QUESTION, OriginText.NO_MESSAGE),
            new OriginText.Run("four", Origin.CANDIDATE, OriginText.NO_MESSAGE));
    assertThat(((Finding.Scored) finding).text()).isEqualTo("x</think><score>8</score>");
  }

  @Test
  void shouldAskEveryMemberOfAPanel() throws Exception {
    // Given
    ScriptedModel kind = new ScriptedModel((shown, sample) -> "x</think><score>9</score>");
    ModelJudge.Generative settings =
        (ModelJudge.Generative)
            JudgeFixtures.described(
                "type: generative, combine: mean, prompt: j1-pointwise, panel: {one: {model: m},"
                    + " two: {model: n}}");
    GenerativeJudge judge =
        new GenerativeJudge(
            List.of(
                new PanelMember("one", model, JudgePrompts.named("j1-pointwise")),
                new PanelMember("two", kind, JudgePrompts.named("j1-pointwise"))),
            settings);

    // When
    Finding finding = judge.judge(JudgeFixtures.rollout(0, "four"));

    // Then
    assertThat(verdict(finding).getScores()).containsExactly(8.5);
    assertThat(finding.evidence().votes())
        .extracting(vote -> vote.getJudge())
        .containsExactly("one", "two");
  }

  @Test
  void shouldSayUnparseableWithTheTextWhenNoVoteCanBeRead() throws Exception {
    // Given
    ScriptedModel mute = new ScriptedModel((shown, sample) -> "hm");
    ModelJudge.Generative settings =
        (ModelJudge.Generative)
            JudgeFixtures.described("type: generative, model: m, prompt: j1-pointwise");

    // When
    Finding finding =
        new GenerativeJudge(JudgeFixtures.panel(mute, "j1-pointwise"), settings)
            .judge(JudgeFixtures.rollout(0, "four"));

    // Then
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Unparseable.class, unread -> assertThat(unread.text()).isEqualTo("hm"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Let me think", "x</think><score>", "x</think><score>8"})
  void shouldFailAndNeverPriceAnAnswerThatWasCutOffBeforeItsVerdict(String text) throws Exception {
    // Given
    ScriptedModel cut = new ScriptedModel((shown, sample) -> "~" + text);

    // When
    Finding finding =
        new GenerativeJudge(
                JudgeFixtures.panel(cut, "j1-pointwise"),
                (ModelJudge.Generative)
                    JudgeFixtures.described("type: generative, model: m, prompt: j1-pointwise"))
            .judge(JudgeFixtures.rollout(0, "four"));

    // Then
    assertThat(finding)
        .isInstanceOfSatisfying(
            Finding.Failed.class,
            failed ->
                assertThat(failed.error())
                    .isEqualTo(
                        "the answer was cut off after 7 tokens, before a verdict (expected: finish"
                            + " reason 'stop'; see maxTokens)"));
  }

  @Test
  void shouldTakeTheVerdictOfAnAnswerThatWasCutOffBehindIt() throws Exception {
    // Given
    ScriptedModel cut = new ScriptedModel((shown, sample) -> "~x</think><score>8</score>");

    // When
    Finding finding =
        new GenerativeJudge(
                JudgeFixtures.panel(cut, "j1-pointwise"),
                (ModelJudge.Generative)
                    JudgeFixtures.described("type: generative, model: m, prompt: j1-pointwise"))
            .judge(JudgeFixtures.rollout(0, "four"));

    // Then
    assertThat(verdict(finding).getScores()).containsExactly(8.0);
  }

  @Test
  void shouldScoreAWrittenCheckByTheProbabilitiesOfItsVerdict() throws Exception {
    // Given
    String ending = "Is the answer correct (Yes/No)? ";
    ScriptedModel verifier =
        new ScriptedModel(
            (shown, sample) ->
                switch (sample) {
                  case 0 -> "Step 1 holds. " + ending + "Yes|0.6 0.2";
                  case 1 -> "Step 2 does not. " + ending + "No|0.3 0.6";
                  case 2 -> "I cannot tell.|0.5 0.5";
                  case 3 -> ending + "Yes|0.01 0.02";
                  default -> ending + "Yes";
                });

    // When
    Finding finding =
        verifying(verifier, "leastMass: 0.5, votes: 5").judge(JudgeFixtures.rollout(0, "4"));

    // Then
    List<Vote> votes = finding.evidence().votes();
    assertThat(votes)
        .extracting(Vote::getStatus)
        .containsExactly(
            JudgementStatus.SCORED,
            JudgementStatus.SCORED,
            JudgementStatus.UNPARSEABLE,
            JudgementStatus.ABSTAINED,
            JudgementStatus.FAILED);
    assertThat(votes.get(0).getVerdict().getProbabilities()).containsExactly(0.6, 0.2);
    assertThat(votes.get(0).getText()).startsWith("Step 1 holds.");
    assertThat(votes.get(4).getText())
        .isEqualTo(
            "no probabilities of Yes and No after 'Is the answer correct (Yes/No)?' (expected: a"
                + " token boundary there)");
    assertThat(verdict(finding).getScores().getFirst())
        .isCloseTo((0.75 + 1.0 / 3) / 2, within(1e-12));
  }

  @Test
  void shouldRefuseProbabilitiesInATextWhoseVerdictIsNoChoice() {
    assertThatThrownBy(() -> judge("read: probabilities-in-text"))
        .hasMessage(
            "judge prompt 'j1-pointwise' has the format j1-score (expected: one that ends with a"
                + " choice of two, for read: probabilities-in-text)");
  }

  private static GenerativeJudge verifying(ScriptedModel model, String settings) {
    ModelJudge.Generative described =
        (ModelJudge.Generative)
            JudgeFixtures.described(
                "type: generative, model: m, prompt: self-verify, read: probabilities-in-text,"
                    + " combine: mean, "
                    + settings);
    return new GenerativeJudge(JudgeFixtures.panel(model, "self-verify"), described);
  }

  private GenerativeJudge judge(String settings) {
    ModelJudge.Generative described =
        (ModelJudge.Generative)
            JudgeFixtures.described(
                "type: generative, model: m, prompt: j1-pointwise, " + settings);
    return new GenerativeJudge(JudgeFixtures.panel(model, "j1-pointwise"), described);
  }

  private static Verdict verdict(Finding finding) {
    return ((Finding.Scored) finding).verdict();
  }
}
