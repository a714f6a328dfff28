package io.urteil.local.rejudge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.event.JudgementStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AgreementTest {

  @Test
  void shouldGiveCohensKappaWhenTwoJudgesDecideAsInAWorkedTable() {
    // Given: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no; p_o = 0.7, p_e = 0.5
    List<String[]> decided = new ArrayList<>();
    add(decided, 20, "yes", "yes");
    add(decided, 5, "yes", "no");
    add(decided, 10, "no", "yes");
    add(decided, 15, "no", "no");

    // When
    Double kappa = Agreement.kappa(decided);

    // Then
    assertThat(kappa).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void shouldHaveNoKappaWhenBothAlwaysSayTheSameOneThing() {
    // When / Then
    assertThat(Agreement.kappa(List.<String[]>of(new String[] {"A", "A"}))).isNull();
    assertThat(Agreement.kappa(List.of())).isNull();
  }

  @Test
  void shouldCorrelateValuesAndRanksWhenSomeAreEqual() {
    // Given: sums over [1, 2, 2, 4] and [1, 3, 2, 10] by hand; ranks [0, 1.5, 1.5, 3], [0, 2, 1, 3]
    List<double[]> pairs =
        List.of(
            new double[] {1, 1}, new double[] {2, 3}, new double[] {2, 2}, new double[] {4, 10});

    // When / Then
    assertThat(Agreement.pearson(pairs)).isCloseTo(0.9733285267845753, within(1e-12));
    assertThat(Agreement.pearson(Agreement.ranks(pairs)))
        .isCloseTo(0.9486832980505138, within(1e-12));
  }

  @Test
  void shouldHaveNoCorrelationWhenOneSideIsConstant() {
    // When / Then
    assertThat(Agreement.pearson(List.of(new double[] {1, 1}, new double[] {1, 2}))).isNull();
    assertThat(Agreement.pearson(List.of(new double[] {1, 1}))).isNull();
  }

  @Test
  void shouldCountFlipsAndFailuresWhenJudgesDiffer() {
    // Given
    Map<String, ComparableJudgement> first = new HashMap<>();
    Map<String, ComparableJudgement> second = new HashMap<>();
    put(first, second, "alike", scored("A"), scored("A"));
    put(first, second, "flipped", scored("A"), scored("B"));
    put(first, second, "unread", scored("A"), unparseable());
    put(
        first,
        second,
        "failed",
        scored("A"),
        new ComparableJudgement(JudgementStatus.FAILED, null, null));
    first.put("only one", scored("A"));

    // When
    Agreement agreement =
        Agreement.of(first, second, Map.of("alike", 1.0, "flipped", 1.0), Map.of("alike", 0.5));

    // Then
    assertThat(agreement.judged()).isEqualTo(4);
    assertThat(agreement.failed()).isEqualTo(1);
    assertThat(agreement.decided()).isEqualTo(3);
    assertThat(agreement.flips()).isEqualTo(1);
    assertThat(Objects.requireNonNull(agreement.agreement())).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(agreement.decisions())
        .isEqualTo(Map.of("A -> A", 1L, "A -> B", 1L, "A -> unparseable", 1L));
    assertThat(agreement.rewards().rewardPairs()).isEqualTo(1);
    assertThat(agreement.rewards().meanReward()).isEqualTo(1.0);
    assertThat(agreement.rewards().otherMeanReward()).isEqualTo(0.5);
  }

  private static void add(List<String[]> decided, int times, String first, String second) {
    for (int i = 0; i < times; i++) {
      decided.add(new String[] {first, second});
    }
  }

  private static void put(
      Map<String, ComparableJudgement> first,
      Map<String, ComparableJudgement> second,
      String rollout,
      ComparableJudgement one,
      ComparableJudgement two) {
    first.put(rollout, one);
    second.put(rollout, two);
  }

  private static ComparableJudgement scored(String decision) {
    return new ComparableJudgement(JudgementStatus.SCORED, decision, null);
  }

  private static ComparableJudgement unparseable() {
    return new ComparableJudgement(JudgementStatus.UNPARSEABLE, "unparseable", null);
  }
}
