package io.urteil.local.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.DemonstrationBatch;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.Purpose;
import io.urteil.event.RewardStatus;
import io.urteil.event.RolloutReference;
import io.urteil.event.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStatisticsTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");

  static {
    EventCodec.trustEvents();
  }

  private final RunStatistics figures = new RunStatistics("run", 3);

  @Test
  void shouldComputeAccuracyConsistencyAndBiasOfAWholeEvaluation() {
    // Given
    figures.on(evaluation(0, "A", true, "B", true));
    figures.on(evaluation(1, "A", true, "A", false));

    // When
    boolean wholeBefore = figures.evaluation(0).isPresent();
    figures.on(evaluation(2, "B", false, null, false));

    // Then
    assertThat(wholeBefore).isFalse();
    assertThat(figures.evaluation(0))
        .contains(new HeldOutEvaluation(0, 6, 3 / 6.0, 1 / 3.0, 1 / 3.0, 3 / 5.0, 5 / 6.0, 20));
  }

  @Test
  void shouldCountPairsThatAreWrongInBothOrdersAsConsistentOnly() {
    // Given
    figures.on(evaluation(0, "A", true, "B", true));
    figures.on(evaluation(1, "B", false, "A", false));

    // When
    figures.on(evaluation(2, "A", true, "A", false));

    // Then
    HeldOutEvaluation evaluation = figures.evaluation(0).orElseThrow();
    assertThat(evaluation.consistency()).isEqualTo(2 / 3.0);
    assertThat(evaluation.positionConsistentAccuracy()).isEqualTo(1 / 3.0);
  }

  @Test
  void shouldCountABatchThatWasLearnedFromTwice() {
    // Given
    figures.on(update(1, "run/0", Map.of("0", 128), 1e-5));
    figures.on(update(2, "run/1", Map.of("1", 128), 0.3));

    // When
    figures.on(update(2, "run/1", Map.of("1", 128), 0.3));

    // Then
    assertThat(figures.repeatedUpdates()).isEqualTo(1);
    assertThat(figures.batchesTrained()).isEqualTo(2);
    assertThat(figures.step()).isEqualTo(2);
    assertThat(figures.lagHistogram()).containsExactly(Map.entry(0, 128), Map.entry(1, 128));
  }

  @Test
  void shouldTakeTheGapOnlyFromUpdatesAtEqualWeights() {
    assertThat(figures.maxLogprobGap()).isNaN();

    figures.on(update(1, "run/0", Map.of("0", 128), 1e-5));
    figures.on(update(2, "run/1", Map.of("1", 128), 0.3));
    figures.on(update(3, "run/2", Map.of("0", 64, "1", 64), 0.2));

    assertThat(figures.maxLogprobGap()).isEqualTo(1e-5);
  }

  @Test
  void shouldPassOverOtherRuns() {
    figures.on(PolicyUpdate.newBuilder(update(1, "x/0", Map.of(), 0)).setRunId("other").build());

    assertThat(figures.step()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldTakeTheTimesOfABatchWithoutTimesFromItsGroups(boolean demonstrations) {
    // Given
    GroupOutcome first = trained("a", 0, 100, 130);
    GroupOutcome second = trained("b", 40, 160, 190);
    SpecificRecord batch =
        demonstrations
            ? DemonstrationBatch.newBuilder()
                .setBatchId("run/0")
                .setRunId("run")
                .setNumber(0)
                .setRunHash("h")
                .setDemonstrations(List.of())
                .setGroups(List.of("a", "b"))
                .setCloseReason("groups")
                .setCreatedAt(NOW.plusMillis(200))
                .build()
            : PreferenceBatch.newBuilder()
                .setBatchId("run/0")
                .setRunId("run")
                .setNumber(0)
                .setRunHash("h")
                .setPairs(List.of())
                .setGroups(List.of("a", "b"))
                .setCloseReason("groups")
                .setCreatedAt(NOW.plusMillis(200))
                .build();
    figures.on(first);
    figures.on(batch);
    TimeBreakdown early = figures.shares();

    // When
    figures.on(second);
    figures.on(
        PolicyUpdate.newBuilder(update(1, "run/0", Map.of("0", 128), 0))
            .setTrainMillis(50)
            .setCreatedAt(NOW.plusMillis(400))
            .build());

    // Then
    assertThat(early).isEqualTo(TimeBreakdown.NONE);
    assertThat(figures.shares()).isEqualTo(new TimeBreakdown(160, 30, 10, 50));
    assertThat(figures.rolloutsPerSecond()).isEqualTo(128 / 0.4);
  }

  private static GroupOutcome trained(String id, long dispatched, long rolledOut, long judged) {
    return GroupOutcome.newBuilder()
        .setRunId("run")
        .setGroupId(id)
        .setPurpose(Purpose.TRAIN)
        .setStatus(GroupStatus.COMPLETE)
        .setExpected(1)
        .setMembers(
            List.of(
                OutcomeMember.newBuilder(member("only", null, false))
                    .setDispatchedAt(NOW.plusMillis(dispatched))
                    .setRolledOutAt(NOW.plusMillis(rolledOut))
                    .setJudgedAt(NOW.plusMillis(judged))
                    .build()))
        .setOpenedAt(NOW)
        .setCreatedAt(NOW)
        .build();
  }

  private static PolicyUpdate update(
      long version, String batchId, Map<String, Integer> lags, double gap) {
    return PolicyUpdate.newBuilder()
        .setRunId("run")
        .setVersion(version)
        .setLineage("l")
        .setBatchId(batchId)
        .setObjective("grpo")
        .setLoss(0)
        .setClipFraction(0)
        .setMaxAbsLogRatio(gap)
        .setGradientNorm(1)
        .setLearningRate(1e-4)
        .setRollouts(128)
        .setTrainedTokens(1)
        .setMeanReward(1)
        .setMeanLength(1)
        .setLagHistogram(lags)
        .setCreatedAt(NOW)
        .build();
  }

  private static GroupOutcome evaluation(
      long ordinal, String verdict, boolean right, @Nullable String swapped, boolean swappedRight) {
    return GroupOutcome.newBuilder()
        .setRunId("run")
        .setGroupId("run/e" + ordinal)
        .setOrdinal(ordinal)
        .setPurpose(Purpose.EVALUATE)
        .setStatus(GroupStatus.COMPLETE)
        .setExpected(2)
        .setMembers(List.of(member("AB", verdict, right), member("BA", swapped, swappedRight)))
        .setPolicyVersion(0L)
        .setOpenedAt(NOW)
        .setCreatedAt(NOW)
        .build();
  }

  private static OutcomeMember member(String arm, @Nullable String preference, boolean right) {
    return OutcomeMember.newBuilder()
        .setArm(arm)
        .setIndex(0)
        .setRollout(new RolloutReference("rollouts", 0, 0L, "h"))
        .setTrainedTokens(20)
        .setRewardStatus(RewardStatus.PAID)
        .setReward(right ? 1.0 : 0.0)
        .setRight(right)
        .setVerdict(
            preference == null ? null : Verdict.newBuilder().setPreference(preference).build())
        .build();
  }
}
