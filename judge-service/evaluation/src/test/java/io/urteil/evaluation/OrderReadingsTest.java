package io.urteil.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.evaluation.measure.ComparisonVerdict;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.order.CandidateOrder;
import io.urteil.prompt.Preference;
import io.urteil.run.judge.JudgePanel.Combine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderReadingsTest {

  static {
    EventCodec.trustEvents();
  }

  private static final CandidateOrder AB = CandidateOrder.AB;
  private static final CandidateOrder BA = CandidateOrder.BA;

  @Test
  void shouldReadTheVotesOfEachOrderForTheCandidatesOfTheBenchmark() {
    // Given: the votes always prefer what is first
    List<Vote> votes = List.of(preferring("0,1", "A"), preferring("1,0", "A"));

    // When
    SequencedMap<CandidateOrder, ComparisonVerdict> given = readings(AB, votes);
    SequencedMap<CandidateOrder, ComparisonVerdict> swapped = readings(BA, votes);

    // Then
    assertThat(given).containsOnlyKeys(AB, BA).isEqualTo(swapped);
    assertThat(given.get(AB)).isEqualTo(ComparisonVerdict.of(Preference.A));
    assertThat(given.get(BA)).isEqualTo(ComparisonVerdict.of(Preference.B));
  }

  @Test
  void shouldAggregateTheVotesOfAnOrderAndKeepAnUnreadableOneApart() {
    // When
    SequencedMap<CandidateOrder, ComparisonVerdict> readings =
        readings(
            AB,
            List.of(
                preferring("0,1", "B"),
                preferring("0,1", "A"),
                preferring("0,1", "A"),
                vote("1,0", JudgementStatus.UNPARSEABLE, null)));

    // Then
    assertThat(readings.get(AB)).isEqualTo(ComparisonVerdict.of(Preference.A));
    assertThat(readings.get(BA))
        .isEqualTo(ComparisonVerdict.without(JudgementStatus.UNPARSEABLE, 2));
  }

  @Test
  void shouldAverageTheScoresOfListsInEachOrder() {
    // When
    SequencedMap<CandidateOrder, ComparisonVerdict> readings =
        readings(
            CandidateOrder.given(3),
            List.of(
                scored("0,1,2", 9.0, 5.0, 1.0),
                scored("0,1,2", 7.0, 5.0, 3.0),
                scored("2,1,0", 9.0, 5.0, 1.0)));

    // Then
    assertThat(readings.get(CandidateOrder.given(3)))
        .isEqualTo(ComparisonVerdict.scored(List.of(8.0, 5.0, 2.0)));
    assertThat(readings.get(CandidateOrder.reversed(3)))
        .isEqualTo(ComparisonVerdict.scored(List.of(1.0, 5.0, 9.0)));
  }

  @Test
  void shouldHaveNoReadingsWithoutSeveralOrdersOfAllCandidates() {
    assertThat(readings(AB, List.of(preferring("0,1", "A"), preferring("0,1", "B")))).isEmpty();
    assertThat(readings(AB, List.of(scored("0", 1.0), scored("1", 2.0)))).isEmpty();
    assertThat(
            readings(
                CandidateOrder.given(3), List.of(preferring("0,1", "A"), preferring("1,0", "A"))))
        .isEmpty();
    assertThat(readings(AB, List.of())).isEmpty();
  }

  /** A vote is in the judgements of all its candidates. */
  private static SequencedMap<CandidateOrder, ComparisonVerdict> readings(
      CandidateOrder presented, List<Vote> votes) {
    Map<Integer, Judgement> byPosition = new HashMap<>();
    for (int position = 0; position < presented.shown().size(); position++) {
      byPosition.put(position, judgement(position, votes));
    }
    return OrderReadings.of(presented, byPosition, Combine.MAJORITY);
  }

  private static Vote preferring(String order, String preference) {
    return vote(
        order, JudgementStatus.SCORED, Verdict.newBuilder().setPreference(preference).build());
  }

  private static Vote scored(String order, Double... scores) {
    return vote(
        order, JudgementStatus.SCORED, Verdict.newBuilder().setScores(List.of(scores)).build());
  }

  private static Vote vote(String order, JudgementStatus status, @Nullable Verdict verdict) {
    return Vote.newBuilder()
        .setOrder(order)
        .setSample(0)
        .setStatus(status)
        .setVerdict(verdict)
        .build();
  }

  private static Judgement judgement(int index, List<Vote> votes) {
    return JudgementSample.of(
        index, JudgementStatus.SCORED, Verdict.newBuilder().setScores(List.of(1.0)).build(), votes);
  }
}
