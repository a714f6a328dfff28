package io.urteil.judges.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.event.JudgementStatus;
import io.urteil.event.Vote;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.judge.api.Finding;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.judge.ModelJudge;
import java.util.List;
import org.junit.jupiter.api.Test;

class TournamentJudgeTest {

  /** Prefers the longer answer, whatever the order. */
  private final ScriptedModel longer =
      new ScriptedModel(
          (shown, sample) ->
              "mm</think><answer> [[%s]] </answer>"
                  .formatted(shown.get(0).length() > shown.get(1).length() ? "A" : "B"));

  @Test
  void shouldRateByEveryPairInBothOrdersOfOneBatch() throws Exception {
    // Given
    TournamentJudge judge = judge(longer, "model: m, prompt: j1-verdict");
    CandidateGroup group = JudgeFixtures.group("aa", "aaaa", "a", "aaa");

    // When
    List<Finding> findings = judge.judge(group);

    // Then
    assertThat(longer.requests()).hasSize(6 * 2);
    assertThat(findings).allSatisfy(f -> assertThat(f.evidence().comparisons()).isEqualTo(3));
    assertThat(labels(findings)).containsExactly("3", "1", "4", "2");
    assertThat(findings.stream().mapToDouble(TournamentJudgeTest::score).average().orElseThrow())
        .isEqualTo(1000, within(1e-6));
    assertThat(judge.version())
        .isEqualTo(
            "tournament/1 round-robin bradley-terry(prior=1.0) majority orders=both votes=1"
                + " temperature=0.0 top-p=1.0 top-k=0 seed=0; j1-verdict/1 on scripted@1");
  }

  @Test
  void shouldKeepEveryVoteAndAddUpItsCostOnce() throws Exception {
    // Given
    TournamentJudge judge = judge(longer, "model: m, prompt: j1-verdict, votes: 3");

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("aa", "aaaa"));

    // Then
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.evidence().votes())
                  .extracting(Vote::getOrder)
                  .containsExactly("0,1", "0,1", "0,1", "1,0", "1,0", "1,0");
              assertThat(finding.evidence().promptTokens()).isEqualTo(100);
              assertThat(finding.evidence().completionTokens()).isEqualTo(3 * 7);
              assertThat(finding.evidence().votes())
                  .filteredOn(vote -> vote.getText() != null)
                  .hasSize(3);
            });
    assertThat(((Finding.Scored) findings.getFirst()).verdict().getPreference()).isEqualTo("B");
    assertThat(longer.requests()).hasSize(2).allSatisfy(r -> assertThat(r.samples()).isEqualTo(3));
  }

  @Test
  void shouldCallItATieWhenTheVerdictFollowsThePosition() throws Exception {
    // Given
    ScriptedModel first = new ScriptedModel((shown, sample) -> "x</think><answer>[[A]]</answer>");
    TournamentJudge judge = judge(first, "model: m, prompt: j1-verdict, rating: win-rate");

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("a", "b", "c"));

    // Then
    assertThat(findings).allSatisfy(finding -> assertThat(score(finding)).isEqualTo(0.5));
    assertThat(labels(findings)).containsExactly("1", "1", "1");
  }

  @Test
  void shouldReadWhatThePromptIsMadeForUnlessTheRunFileNamesASource() {
    // When
    TournamentJudge byPrompt = judge(longer, "model: m, prompt: " + LETTER_PROMPT);
    TournamentJudge named =
        judge(longer, "model: m, read: text, votes: 3, prompt: " + LETTER_PROMPT);

    // Then
    assertThat(byPrompt.version()).contains(" orders=both probabilities; self-judge/1 on ");
    assertThat(named.version()).contains(" orders=both votes=3 temperature=1.0 ");
  }

  @Test
  void shouldRejectSettingsThatDoNotFitTheSourceOfThePrompt() {
    assertThatThrownBy(() -> judge(longer, "model: m, votes: 3, prompt: " + LETTER_PROMPT))
        .hasMessage(
            "votes: 3 (expected: 1 with read: probabilities, the default of judge prompt"
                + " 'self-judge'; or read: text)");
    assertThatThrownBy(() -> judge(longer, "model: m, leastMass: 0.5, prompt: j1-verdict"))
        .hasMessage(
            "leastMass: 0.5 (expected: 0 with read: text, the default of judge prompt"
                + " 'j1-verdict')");
  }

  @Test
  void shouldConstrainEveryResponseToTheGrammarThatItsVersionNames() throws Exception {
    // Given
    ScriptedModel local = longer.withGrammars();
    TournamentJudge judge = judge(local, "model: m, prompt: j1-verdict, grammar: auto");

    // When
    judge.judge(JudgeFixtures.group("aa", "aaaa"));

    // Then
    assertThat(local.requests())
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.grammar()).isEqualTo("j1-verdict"));
    assertThat(judge.version())
        .contains(" seed=0 grammar=j1-verdict max-tokens=4096; j1-verdict/1");
  }

  @Test
  void shouldRejectAGrammarThatCannotBeUsed() {
    assertThatThrownBy(() -> judge(longer, "model: m, prompt: j1-verdict, grammar: j1-verdict"))
        .hasMessage(
            "grammar: 'j1-verdict' for model scripted@1 (expected: none, or a model in this"
                + " process)");
    assertThatThrownBy(() -> judge(longer, "model: m, prompt: self-judge, grammar: bracketed"))
        .hasMessage(
            "grammar: 'bracketed' (expected: none with read: probabilities, which generates no"
                + " text; or read: text)");
    assertThatThrownBy(() -> judge(longer, "model: m, prompt: rm-r1, grammar: auto"))
        .hasMessageStartingWith(
            "grammar: 'auto' with the format rubrics-answer of judge prompt 'rm-r1' (expected: a"
                + " format with a grammar: think-answer-scores, ");
  }

  @Test
  void shouldRejectAPanelWhosePromptsAreMadeForDifferentSources() {
    // Given
    ModelJudge.Tournament described =
        (ModelJudge.Tournament)
            JudgeFixtures.described(
                "type: tournament, panel: { a: { model: m, prompt: self-judge },"
                    + " b: { model: m, prompt: j1-verdict } }");
    List<PanelMember> members =
        List.of(
            new PanelMember("a", longer, JudgePrompts.named("self-judge")),
            new PanelMember("b", longer, JudgePrompts.named("j1-verdict")));

    // Then
    assertThatThrownBy(() -> new TournamentJudge(members, described))
        .hasMessage(
            "read: missing, and the judge prompts of the panel differ: self-judge probabilities,"
                + " j1-verdict text (expected: read: text, probabilities or"
                + " probabilities-in-text)");
  }

  @Test
  void shouldAverageProbabilitiesOverBothOrders() throws Exception {
    // Given
    ScriptedModel chances =
        new ScriptedModel(
            (shown, sample) -> shown.getFirst().equals("good") ? "0.9 0.05" : "0.5 0.4");
    TournamentJudge judge =
        judge(
            chances,
            "model: m, prompt: %s, read: probabilities, combine: mean, rating: mean-score"
                .formatted(LETTER_PROMPT));

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("good", "bad"));

    // Then
    assertThat(score(findings.get(0))).isEqualTo((0.9 + 0.4) / 2, within(1e-9));
    assertThat(score(findings.get(1))).isEqualTo((0.05 + 0.5) / 2, within(1e-9));
    assertThat(((Finding.Scored) findings.get(1)).verdict().getPreference()).isEqualTo("A");
    assertThat(findings.getFirst().evidence().votes().getFirst().getVerdict().getProbabilities())
        .containsExactly(0.9, 0.05);
  }

  @Test
  void shouldAbstainFromProbabilitiesWhenTheModelWouldRatherSaySomethingElse() throws Exception {
    // Given
    ScriptedModel distracted =
        new ScriptedModel(
            (shown, sample) -> shown.getFirst().equals("good") ? "0.6 0.1" : "0.02 0.03");
    TournamentJudge judge =
        judge(
            distracted,
            "model: m, prompt: %s, read: probabilities, leastMass: 0.5, combine: mean, rating: mean-score"
                .formatted(LETTER_PROMPT));

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("good", "bad"));
    List<Finding> never = judge.judge(JudgeFixtures.group("bad", "worse"));

    // Then
    assertThat(score(findings.get(0))).isEqualTo(0.6);
    assertThat(findings.getFirst().evidence().votes())
        .extracting(Vote::getStatus)
        .containsExactly(JudgementStatus.SCORED, JudgementStatus.ABSTAINED);
    assertThat(never)
        .allSatisfy(
            finding ->
                assertThat(finding)
                    .isInstanceOfSatisfying(
                        Finding.Abstained.class,
                        abstained ->
                            assertThat(abstained.reason())
                                .isEqualTo(
                                    "A and B have a total probability of 0.0500 (expected: >="
                                        + " 0.5)")));
    assertThat(judge.version()).contains("probabilities least-mass=0.5");
  }

  @Test
  void shouldRateWithoutAMatchWhoseVotesCannotBeRead() throws Exception {
    // Given
    ScriptedModel moody =
        new ScriptedModel(
            (shown, sample) ->
                shown.contains("mute") ? "no verdict" : "x</think><answer>[[A]]</answer>");
    TournamentJudge judge =
        judge(moody, "model: m, prompt: j1-verdict, orders: given, rating: win-rate");

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("a", "b", "mute"));

    // Then
    assertThat(score(findings.get(0))).isEqualTo(1);
    assertThat(score(findings.get(1))).isEqualTo(0);
    assertThat(findings.get(2)).isInstanceOf(Finding.Unparseable.class);
    assertThat(findings.get(2).evidence().votes())
        .extracting(Vote::getStatus)
        .containsOnly(JudgementStatus.UNPARSEABLE);
  }

  @Test
  void shouldFailOnlyTheMemberThatFitsIntoNoPrompt() throws Exception {
    // Given
    ScriptedModel small =
        new ScriptedModel(
            (shown, sample) ->
                shown.contains("huge")
                    ? "!prompt of 9000 tokens (expected: below 4096)"
                    : "x</think><answer>[[B]]</answer>");
    TournamentJudge judge = judge(small, "model: m, prompt: j1-verdict, orders: given");

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("a", "huge", "c"));

    // Then
    assertThat(score(findings.get(2))).isGreaterThan(score(findings.get(0)));
    assertThat(findings.get(1))
        .isInstanceOfSatisfying(
            Finding.Failed.class, failed -> assertThat(failed.error()).contains("9000 tokens"));
  }

  @Test
  void shouldPlayAKnockoutRoundByRoundWhenAskedTo() throws Exception {
    // Given
    TournamentJudge judge =
        judge(
            longer,
            "model: m, prompt: j1-verdict, schedule: knockout, rating: rounds, orders: random");

    // When
    List<Finding> findings = judge.judge(JudgeFixtures.group("aa", "aaaa", "a", "aaa", "aaaaa"));

    // Then
    assertThat(longer.requests()).hasSize(4);
    assertThat(labels(findings).get(4)).isEqualTo("1");
    assertThat(score(findings.get(4))).isEqualTo(3);
    assertThat(findings.get(4).evidence().votes().getLast().getRound()).isEqualTo(2);
  }

  @Test
  void shouldAbstainWhenThereIsNobodyToCompareWith() throws Exception {
    // When
    List<Finding> findings =
        judge(longer, "model: m, prompt: j1-verdict").judge(JudgeFixtures.group("a"));

    // Then
    assertThat(findings)
        .singleElement()
        .isEqualTo(new Finding.Abstained("a single member (expected: at least two)"));
  }

  @Test
  void shouldRefuseAPromptOfAnotherMode() {
    assertThatThrownBy(() -> judge(longer, "model: m, prompt: j1-pointwise"))
        .hasMessage("judge prompt 'j1-pointwise' is pointwise (expected: pairwise)");
  }

  private static final String LETTER_PROMPT = "self-judge";

  private static TournamentJudge judge(ScriptedModel model, String settings) {
    ModelJudge.Tournament described =
        (ModelJudge.Tournament) JudgeFixtures.described("type: tournament, " + settings);
    String prompt = described.panel().members().firstEntry().getValue().prompt();
    return new TournamentJudge(JudgeFixtures.panel(model, prompt), described);
  }

  private static double score(Finding finding) {
    return ((Finding.Scored) finding).verdict().getScores().getFirst();
  }

  private static List<String> labels(List<Finding> findings) {
    return findings.stream()
        .map(finding -> String.valueOf(((Finding.Scored) finding).verdict().getLabel()))
        .toList();
  }
}
