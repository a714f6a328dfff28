package io.urteil.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.JudgementStatus;
import io.urteil.event.RewardStatus;
import io.urteil.event.Verdict;
import io.urteil.reward.rule.PairConsistency;
import io.urteil.reward.rule.PairConsistency.Consistency;
import io.urteil.reward.rule.VerdictReward;
import io.urteil.reward.rule.VerdictReward.Variant;
import io.urteil.reward.rule.VerdictValues;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RewardRuleTest {

  private static final JudgedMember.Length LENGTH = new JudgedMember.Length(10, false);
  private static final RewardRule CORRECT =
      new VerdictReward(Variant.CORRECT, "outcome", new VerdictValues(1.0, -1.0, -3.0));
  private static final RewardRule VERDICT =
      new VerdictReward(Variant.J1_VERDICT, "outcome", new VerdictValues(1.0, 0.0, -0.5));
  private static final RewardRule CONSISTENCY =
      new PairConsistency("outcome", new VerdictValues(1.0, 0.0, -0.5), 0.5, Consistency.ADDS);

  @Property
  void shouldPayNoNumberThatIsNotFiniteOrBeyondTheBound(
      @ForAll("any") double score, @ForAll("any") double scale, @ForAll("any") double more) {
    // Given
    RewardResult.Scored scored = RewardResult.Scored.of("score", score * scale, null);

    // When
    RewardResult result = scored.with("more", more).bounded();

    // Then
    double most = RewardResult.MAX_MAGNITUDE;
    if (Math.abs(score * scale + more) <= most
        && Math.abs(score * scale) <= most
        && Math.abs(more) <= most) {
      assertThat(result).isEqualTo(scored.with("more", more));
    } else {
      assertThat(result)
          .isInstanceOfSatisfying(
              RewardResult.Unscored.class,
              none -> {
                assertThat(none.status()).isEqualTo(RewardStatus.UNPRICED);
                assertThat(none.reason()).contains("expected: finite numbers");
              });
    }
  }

  @Provide
  Arbitrary<Double> any() {
    return Arbitraries.oneOf(
        Arbitraries.doubles(),
        Arbitraries.of(Double.MAX_VALUE, -Double.MAX_VALUE, 2.0, 0.0, 1e300, -1e-300));
  }

  @Test
  void shouldGoByTheLabelWhenTheAnswerJudgeHasCompared() {
    // Given
    List<JudgedMember> group =
        List.of(scored("only", 0, null, null, "right"), scored("only", 1, null, null, "wrong"));

    // When
    List<RewardResult> payments = CORRECT.rewards(group);

    // Then
    assertThat(payments).containsExactly(paid(1.0, true, "correct"), paid(-1.0, false, "correct"));
  }

  @Test
  void shouldCompareThePreferenceWithTheReferenceWhenThereIsNoSuchLabel() {
    // Given
    List<JudgedMember> group =
        List.of(
            scored("AB", 0, "A", "A", null),
            scored("AB", 1, "A", "B", null),
            scored("AB", 2, "A", "tie", null));

    // When
    List<RewardResult> payments = VERDICT.rewards(group);

    // Then
    assertThat(payments)
        .containsExactly(
            paid(1.0, true, "verdict"), paid(0.0, false, "verdict"), paid(0.0, false, "verdict"));
  }

  @Test
  void shouldPriceTheUnreadableAndNeverTheFailedWhenJudgementsCarryNoVerdict() {
    // Given
    List<JudgedMember> group =
        List.of(
            judged(0, JudgementStatus.UNPARSEABLE),
            judged(1, JudgementStatus.FAILED),
            judged(2, JudgementStatus.TIMED_OUT),
            judged(3, JudgementStatus.ABSTAINED),
            judged(4, JudgementStatus.UNKNOWN),
            judged(5, JudgementStatus.SCORED),
            new JudgedMember("AB", 6, "A", Map.of(), LENGTH, Map.of()),
            new JudgedMember("AB", 7, "A", Map.of(), null, Map.of()),
            scored("AB", 8, null, "A", null));

    // When
    List<RewardResult> payments = VERDICT.rewards(group);

    // Then
    assertThat(payments.getFirst()).isEqualTo(paid(-0.5, false, "unparseable"));
    assertThat(payments.subList(1, payments.size()))
        .extracting(payment -> ((RewardResult.Unscored) payment).status())
        .containsExactly(
            RewardStatus.JUDGE_FAILED,
            RewardStatus.JUDGE_FAILED,
            RewardStatus.ABSTAINED,
            RewardStatus.UNPRICED,
            RewardStatus.UNPRICED,
            RewardStatus.MISSING,
            RewardStatus.MISSING,
            RewardStatus.UNPRICED);
  }

  @Test
  void shouldAddConsistencyToBothMembersWhenBothOrdersAreRight() {
    // Given
    List<JudgedMember> group =
        List.of(
            scored("AB", 0, "A", "A", null),
            scored("AB", 1, "A", "A", null),
            scored("BA", 0, "B", "B", null),
            scored("BA", 1, "B", "A", null));

    // When
    List<RewardResult> payments = CONSISTENCY.rewards(group);

    // Then
    assertThat(payments)
        .extracting(payment -> ((RewardResult.Scored) payment).value())
        .containsExactly(1.5, 1.0, 1.5, 0.0);
    assertThat(((RewardResult.Scored) payments.getFirst()).parts())
        .isEqualTo(Map.of("verdict", 1.0, "consistency", 0.5));
  }

  @Test
  void shouldPayCompletePairsOnlyWhenAPartnerCannotBePriced() {
    // Given
    List<JudgedMember> group =
        List.of(
            scored("AB", 0, "A", "A", null),
            scored("AB", 1, "A", "A", null),
            scored("AB", 2, "A", "A", null),
            judged("BA", 0, JudgementStatus.FAILED),
            judged("BA", 1, JudgementStatus.UNPARSEABLE));

    // When
    List<RewardResult> payments = CONSISTENCY.rewards(group);

    // Then
    assertThat(payments.get(0))
        .isInstanceOfSatisfying(
            RewardResult.Unscored.class,
            unpaid -> {
              assertThat(unpaid.status()).isEqualTo(RewardStatus.INCOMPLETE_PAIR);
              assertThat(unpaid.reason()).contains("JUDGE_FAILED", "failed");
              assertThat(unpaid.right()).isTrue();
            });
    assertThat(payments.get(1)).isEqualTo(paid(1.0, true, "verdict"));
    assertThat(payments.get(2))
        .extracting(payment -> ((RewardResult.Unscored) payment).status())
        .isEqualTo(RewardStatus.INCOMPLETE_PAIR);
    assertThat(payments.get(3))
        .extracting(payment -> ((RewardResult.Unscored) payment).status())
        .isEqualTo(RewardStatus.JUDGE_FAILED);
    assertThat(payments.get(4)).isEqualTo(paid(-0.5, false, "unparseable"));
  }

  @Test
  void shouldPayConsistencyInPlaceOfTheVerdictWhenTheRunSaysSo() {
    // Given
    RewardRule rule =
        TestRewards.rule("{ rule: j1-consistency, consistency: replaces, unparseable: -0.5 }");
    List<JudgedMember> group =
        List.of(
            scored("AB", 0, "A", "A", null),
            scored("AB", 1, "A", "A", null),
            scored("AB", 2, "A", "A", null),
            scored("BA", 0, "B", "B", null),
            scored("BA", 1, "B", "A", null),
            judged("BA", 2, JudgementStatus.UNPARSEABLE));

    // When
    List<RewardResult> payments = rule.rewards(group);

    // Then
    assertThat(payments)
        .extracting(payment -> ((RewardResult.Scored) payment).value())
        .containsExactly(1.0, 0.0, 0.0, 1.0, 0.0, -0.5);
    assertThat(((RewardResult.Scored) payments.getFirst()).parts()).containsOnlyKeys("consistency");
  }

  private static RewardResult paid(double value, boolean right, String part) {
    return new RewardResult.Scored(new java.util.LinkedHashMap<>(Map.of(part, value)), right);
  }

  private static JudgedMember judged(int index, JudgementStatus status) {
    return judged("AB", index, status);
  }

  private static JudgedMember judged(String arm, int index, JudgementStatus status) {
    return new JudgedMember(
        arm,
        index,
        "A",
        Map.of(),
        LENGTH,
        Map.of("outcome", new JudgedMember.Finding("outcome", status, null, null)));
  }

  private static JudgedMember scored(
      String arm,
      int index,
      @Nullable String reference,
      @Nullable String preference,
      @Nullable String label) {
    Verdict verdict = Verdict.newBuilder().setPreference(preference).setLabel(label).build();
    return new JudgedMember(
        arm,
        index,
        reference,
        Map.of(),
        LENGTH,
        Map.of(
            "outcome", new JudgedMember.Finding("outcome", JudgementStatus.SCORED, verdict, null)));
  }
}
