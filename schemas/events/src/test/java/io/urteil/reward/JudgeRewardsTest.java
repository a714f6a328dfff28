package io.urteil.reward;

import static io.urteil.reward.TestRewards.label;
import static io.urteil.reward.TestRewards.member;
import static io.urteil.reward.TestRewards.rule;
import static io.urteil.reward.TestRewards.scores;
import static io.urteil.reward.TestRewards.unparseable;
import static io.urteil.reward.TestRewards.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.urteil.event.JudgementStatus;
import io.urteil.event.RewardStatus;
import io.urteil.event.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgeRewardsTest {

  private static final String CODE =
      "{ rule: judgelrm, dialect: code, unparseable: -3.0, badScores: -2.5 }";

  @Test
  void shouldComeToTheFourTotalsOfJudgeLrmsCode() {
    // Given
    List<JudgedMember> group =
        List.of(
            member("AB", 0, "7,3", scores("outcome", 7.0, 3.0)),
            member("AB", 1, "7,3", scores("outcome", 3.0, 7.0)),
            member("AB", 2, "7,3", unparseable("outcome", "scores")),
            member("AB", 3, "7,3", unparseable("outcome", "structure")),
            member("AB", 4, "7,3", scores("outcome", 11.0, 3.0)));

    // When
    List<RewardResult> payments = rule(CODE).rewards(group);

    // Then
    assertThat(payments)
        .extracting(payment -> Math.round(value(payment) * 10) / 10.0)
        .containsExactly(4.2, -0.5, -2.5, -3.0, -2.5);
    assertThat(((RewardResult.Scored) payments.getFirst()).parts())
        .isEqualTo(Map.of("format", 1.0, "relation", 2.0, "absolute", 1.0, "confidence", 0.2));
    assertThat(payments)
        .extracting(RewardResult::right)
        .containsExactly(true, false, false, false, false);
  }

  @Test
  void shouldTellTheDialectsApartWhenScoresTie() {
    // Given
    JudgedMember tieAgainstFirst = member("AB", 0, "7,3", scores("outcome", 5.0, 5.0));
    JudgedMember firstAgainstTie = member("AB", 1, "5,5", scores("outcome", 9.0, 2.0));
    JudgedMember zero = member("AB", 2, "7,3", scores("outcome", 7.0, 0.0));
    List<JudgedMember> group = List.of(tieAgainstFirst, firstAgainstTie, zero);

    // When
    List<RewardResult> code = rule(CODE).rewards(group);
    List<RewardResult> paper = rule(CODE.replace("code", "paper")).rewards(group);

    // Then
    assertThat(code).extracting(RewardResult::right).containsExactly(true, true, true);
    assertThat(paper).extracting(RewardResult::right).containsExactly(false, false, false);
    assertThat(value(paper.getLast())).isEqualTo(-2.5);
  }

  @Test
  void shouldAddTheLengthTermsOfTheAblationOnlyWhenTheyArePriced() {
    // Given
    RewardRule rule =
        rule("{ rule: judgelrm, unparseable: -3, long: 0.2, longTokens: 50, truncated: -1.0 }");
    JudgedMember cut = member("AB", 0, "7,3", Map.of(), 100, scores("outcome", 3.0, 7.0));

    // When
    RewardResult.Scored payment = (RewardResult.Scored) rule.rewards(List.of(cut)).getFirst();

    // Then
    assertThat(payment.parts().get("length")).isCloseTo(-0.8, within(1e-12));
    assertThat(((RewardResult.Scored) rule(CODE).rewards(List.of(cut)).getFirst()).parts())
        .doesNotContainKey("length");
  }

  @Test
  void shouldNotPriceWhatHasNoGoldScores() {
    // When
    RewardResult payment =
        rule(CODE).rewards(List.of(member("AB", 0, "A", scores("outcome", 7.0, 3.0)))).getFirst();

    // Then
    assertThat(payment)
        .isInstanceOfSatisfying(
            RewardResult.Unscored.class,
            unpaid -> {
              assertThat(unpaid.status()).isEqualTo(RewardStatus.UNPRICED);
              assertThat(unpaid.reason()).contains("its reference has not ('A')");
            });
  }

  @Test
  void shouldPayBothMembersOfAPairByTheOrderOfTheirSingleScores() {
    // Given
    List<JudgedMember> group =
        List.of(
            member("chosen", 0, null, scores("outcome", 7.5)),
            member("chosen", 1, null, scores("outcome", 4.0)),
            member("chosen", 2, null, scores("outcome", 4.0)),
            member("chosen", 3, null, scores("outcome", 9.0)),
            member("rejected", 0, null, scores("outcome", 7.4)),
            member("rejected", 1, null, scores("outcome", 4.0)),
            member("rejected", 2, null, unparseable("outcome", null)));

    // When
    List<RewardResult> payments = rule("{ rule: j1-pointwise, unparseable: -0.25 }").rewards(group);

    // Then
    assertThat(payments.subList(0, 3))
        .extracting(TestRewards::value)
        .containsExactly(1.0, 0.0, 0.0);
    assertThat(payments.subList(4, 7))
        .extracting(TestRewards::value)
        .containsExactly(1.0, 0.0, -0.25);
    assertThat(payments.get(3))
        .isInstanceOfSatisfying(
            RewardResult.Unscored.class,
            unpaid -> assertThat(unpaid.status()).isEqualTo(RewardStatus.INCOMPLETE_PAIR));
  }

  @Test
  void shouldPayPlusOrMinusOne() {
    // Given
    List<JudgedMember> group =
        List.of(
            member("AB", 0, null, label("outcome", "right")),
            member("AB", 1, null, label("outcome", "wrong")),
            member("AB", 2, null, unparseable("outcome", null)));

    // When
    List<RewardResult> payments = rule("{ rule: plus-minus-one, unparseable: -1 }").rewards(group);

    // Then
    assertThat(payments).extracting(TestRewards::value).containsExactly(1.0, -1.0, -1.0);
  }

  @Test
  void shouldRewardRefusingToAnswerOnlyAsPublishedWhenTheRunSaysSo() {
    // Given
    List<JudgedMember> group = List.of(member("AB", 0, "A", unparseable("outcome", null)));

    // When
    RewardResult published = rule("{ rule: think-j, asPublished: true }").rewards(group).getFirst();

    // Then
    assertThat(value(published)).isEqualTo(0.5);
    assertThatThrownBy(() -> rule("{ rule: think-j, unparseable: 0.5 }"))
        .hasMessageContaining("reward.unparseable: 0.5 (expected: at most wrong, which is 0.0");
    assertThatThrownBy(() -> rule("{ rule: think-j }"))
        .hasMessageContaining("this value has no default");
  }

  @Test
  void shouldPayCompletePairsOfAttemptsOnly() {
    // Given
    JudgedMember.Finding failed =
        new JudgedMember.Finding("outcome", JudgementStatus.FAILED, null, null);
    List<JudgedMember> group =
        List.of(
            member("turn1", 0, null, label("outcome", "right")), member("turn2", 0, null, failed));

    // When
    List<RewardResult> payments =
        rule("{ rule: score-shaping, alpha: 2, unparseable: 0 }").rewards(group);

    // Then
    assertThat(payments)
        .extracting(payment -> ((RewardResult.Unscored) payment).status())
        .containsExactly(RewardStatus.INCOMPLETE_PAIR, RewardStatus.JUDGE_FAILED);
  }

  @Test
  void shouldLeaveAVerificationUnpricedWhenItsCountsDoNotFit() {
    // Given
    Map<String, String> none = Map.of("solutionsRight", "0", "solutionsWrong", "8");

    // When
    RewardResult payment =
        rule("{ rule: self-verify, unparseable: 0 }")
            .rewards(List.of(member("only", 0, "yes", none, 10, label("outcome", "yes"))))
            .getFirst();

    // Then
    assertThat(payment)
        .isInstanceOfSatisfying(
            RewardResult.Unscored.class,
            unpaid -> assertThat(unpaid.status()).isEqualTo(RewardStatus.UNPRICED));
  }

  @Test
  void shouldHaveNoPriceForWhatAScalarJudgeCannotRead() {
    // Given
    List<JudgedMember> group =
        List.of(
            member("only", 0, null, scores("outcome", -1.25)),
            member("only", 1, null, unparseable("outcome", null)),
            member("only", 2, null, scores("outcome", Double.NaN)));

    // When
    List<RewardResult> payments = rule("{ rule: scalar, scale: 2, offset: 1 }").rewards(group);

    // Then
    assertThat(value(payments.getFirst())).isEqualTo(-1.5);
    assertThat(payments.subList(1, 3))
        .extracting(payment -> ((RewardResult.Unscored) payment).status())
        .containsOnly(RewardStatus.UNPRICED);
  }

  @Test
  void shouldSumSeveralJudgesByTheirWeightsAndPayNothingWhenOneIsMissing() {
    // Given
    RewardRule rule =
        rule(
            "{ rule: weighted, parts: {"
                + " quality: { rule: scalar, judge: outcome, weight: 0.25 },"
                + " right: { rule: correct, judge: exact, unparseable: 0, weight: 2 } } }");
    List<JudgedMember> group =
        List.of(
            member("only", 0, null, scores("outcome", 3.0), label("exact", "right")),
            member("only", 1, null, scores("outcome", 3.0)));

    // When
    List<RewardResult> payments = rule.rewards(group);

    // Then
    assertThat(payments.getFirst())
        .isEqualTo(
            new RewardResult.Scored(
                new java.util.LinkedHashMap<>(Map.of("quality", 0.75, "right", 2.0)), true));
    assertThat(payments.getLast())
        .isInstanceOfSatisfying(
            RewardResult.Unscored.class,
            unpaid ->
                assertThat(unpaid.reason())
                    .isEqualTo("part 'right': no judgement by 'exact' came"));
  }

  @Test
  void shouldPayEachArmByItsOwnRule() {
    // Given
    RewardRule rule =
        rule(
            "{ rule: by-arm, parts: { pairwise: { arms: [AB, BA], rule: j1-verdict, unparseable: -1"
                + " }, pointwise: { arms: [chosen, rejected], rule: j1-pointwise, right: 2,"
                + " unparseable: -2 } } }",
            "AB",
            "BA",
            "chosen",
            "rejected");
    List<JudgedMember> group =
        List.of(
            member("AB", 0, "A", preferred("A")),
            member("AB", 1, "A", unparseable("outcome", null)),
            member("BA", 0, "B", preferred("A")),
            member("chosen", 0, "chosen", scores("outcome", 8.0)),
            member("chosen", 1, "chosen", scores("outcome", 4.0)),
            member("rejected", 0, "rejected", scores("outcome", 6.5)),
            member("rejected", 1, "rejected", unparseable("outcome", null)));

    // When
    List<RewardResult> payments = rule.rewards(group);

    // Then
    assertThat(payments)
        .extracting(TestRewards::value)
        .containsExactly(1.0, -1.0, 0.0, 2.0, 0.0, 2.0, -2.0);
    assertThat(payments.get(3).right()).isTrue();
    assertThat(
            rule.rewards(List.of(member("chosen", 0, "chosen", scores("outcome", 8.0)))).getFirst())
        .isInstanceOfSatisfying(
            RewardResult.Unscored.class,
            unpaid -> assertThat(unpaid.status()).isEqualTo(RewardStatus.INCOMPLETE_PAIR));
  }

  private static JudgedMember.Finding preferred(String preference) {
    return TestRewards.found("outcome", Verdict.newBuilder().setPreference(preference).build());
  }
}
