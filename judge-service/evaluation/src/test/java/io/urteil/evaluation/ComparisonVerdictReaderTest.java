package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.evaluation.benchmark.ComparisonEvents;
import io.urteil.evaluation.benchmark.Presentation;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparisonVerdictReaderTest {

  static {
    EventCodec.trustEvents();
  }

  private static final CandidateOrder BA = CandidateOrder.reversed(2);

  @Test
  void shouldTakeAPreferenceForTheOneShownFirst() {
    // When
    ComparisonVerdict ruling =
        ComparisonVerdictReader.read(BA, Map.of(0, preferring("A", 3.0), 1, preferring("A", 3.0)));

    // Then
    assertThat(ruling.preference()).contains(Preference.B);
  }

  @Test
  void shouldCompareTheScoresOfCandidatesThatWereJudgedOneByOne() {
    // When
    ComparisonVerdict ruling =
        ComparisonVerdictReader.read(
            CandidateOrder.named("2,0,1"), Map.of(0, scored(7), 1, scored(1), 2, scored(5)));

    // Then
    assertThat(ruling.scores()).containsExactly(1.0, 5.0, 7.0);
    assertThat(ruling.top()).containsExactly(2);
  }

  @Test
  void shouldCountRightAsOneAndWrongAsNone() {
    // When
    ComparisonVerdict ruling =
        ComparisonVerdictReader.read(
            CandidateOrder.given(2), Map.of(0, labelled("wrong"), 1, labelled("right")));

    // Then
    assertThat(ruling.scores()).containsExactly(0.0, 1.0);
  }

  @Test
  void shouldKeepWhatIsNoVerdictApart() {
    // When
    ComparisonVerdict unreadable =
        ComparisonVerdictReader.read(
            CandidateOrder.given(2),
            Map.of(
                0, judgement("j", JudgementStatus.UNPARSEABLE, null, 0, 0),
                1, scored(3)));
    ComparisonVerdict missing =
        ComparisonVerdictReader.read(CandidateOrder.given(2), Map.of(0, scored(3)));

    // Then
    assertThat(unreadable.status()).isEqualTo(JudgementStatus.UNPARSEABLE);
    assertThat(unreadable.preference()).isEmpty();
    assertThat(missing.status()).isEqualTo(JudgementStatus.FAILED);
  }

  @Test
  void shouldRefuseAVerdictByWhichNothingCompares() {
    assertThatThrownBy(
            () ->
                ComparisonVerdictReader.read(
                    CandidateOrder.given(3), Map.of(0, labelled("yes"), 1, scored(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("judge 'j'")
        .hasMessageContaining("expected: a score, a preference on a pair, or the label");
  }

  @Test
  void shouldLetTheLatestSessionOfAnEvaluationCount() {
    // Given
    JudgementIndex ledger = new JudgementIndex("evaluate-x");
    Presentation presentation =
        new Presentation(
            4, Comparison.pair("1", "q", "a", "b", Preference.A, "all"), CandidateOrder.given(2));

    // When
    ledger.add(judgement("evaluate-x-2", JudgementStatus.SCORED, score(9), 0, 4));
    ledger.add(judgement("evaluate-x-1", JudgementStatus.FAILED, null, 0, 4));
    ledger.add(judgement("evaluate-x-1", JudgementStatus.FAILED, null, 1, 4));
    ledger.add(judgement("evaluate-xy-3", JudgementStatus.FAILED, null, 1, 4));
    ledger.add(judgement("evaluate-x-2", JudgementStatus.SCORED, score(1), 1, 5));

    // Then
    assertThat(ledger.isComplete(Set.of("j"), presentation)).isFalse();
    ledger.add(judgement("evaluate-x-2", JudgementStatus.SCORED, score(1), 1, 4));
    assertThat(ledger.isComplete(Set.of("j"), presentation)).isTrue();
    assertThat(ledger.hasFailed(Set.of("j"), presentation)).isFalse();
    assertThat(ledger.session("evaluate-x-12")).isEqualTo(12);
    assertThat(ledger.session("evaluate-x-1-2")).isZero();
  }

  private static Judgement preferring(String preference, double score) {
    return judgement(
        "j",
        JudgementStatus.SCORED,
        Verdict.newBuilder().setScores(List.of(score)).setPreference(preference).build(),
        0,
        0);
  }

  private static Judgement labelled(String label) {
    return judgement(
        "j", JudgementStatus.SCORED, Verdict.newBuilder().setLabel(label).build(), 0, 0);
  }

  private static Judgement scored(double score) {
    return judgement("j", JudgementStatus.SCORED, score(score), 0, 0);
  }

  private static Verdict score(double score) {
    return Verdict.newBuilder().setScores(List.of(score)).build();
  }

  private static Judgement judgement(
      String runId, JudgementStatus status, @Nullable Verdict verdict, int index, int ordinal) {
    return Judgement.newBuilder()
        .setJudgementId("id")
        .setRunId(runId)
        .setGroupId(ComparisonEvents.groupId(runId, ordinal))
        .setArm("only")
        .setIndex(index)
        .setJudge("j")
        .setJudgeVersion("1")
        .setContentHash("")
        .setStatus(status)
        .setVerdict(verdict)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
