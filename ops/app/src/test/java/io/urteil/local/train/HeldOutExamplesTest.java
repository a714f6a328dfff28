package io.urteil.local.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Purpose;
import io.urteil.event.RewardStatus;
import io.urteil.event.RolloutReference;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeldOutExamplesTest {

  private static final Instant NOW = Instant.parse("2026-01-05T08:00:00Z");
  private static final int SIZE = 5;

  static {
    EventCodec.trustEvents();
  }

  @Test
  void shouldChooseTheRightAndTheWrongResponseOfMedianLengthTheMoreFrequentFirst() {
    // Given
    List<GroupOutcome> before =
        IntStream.range(0, SIZE).mapToObj(i -> group(0, i, false, 1)).toList();
    List<GroupOutcome> after =
        List.of(
            group(1, 4, true, 7),
            group(1, 0, true, 3),
            group(1, 1, null, 90),
            group(1, 2, true, 40),
            group(1, 3, false, 8));

    // When
    List<HeldOutExamples.Choice> choices = HeldOutExamples.of(before, after, SIZE).choices();

    // Then
    assertThat(choices).extracting(HeldOutExamples.Choice::isRight).containsExactly(true, false);
    assertThat(choices).extracting(one -> one.after().getTrainedTokens()).containsExactly(7, 8);
    assertThat(choices)
        .extracting(one -> one.before().getRollout())
        .extracting(reference -> reference == null ? -1 : reference.getOffset())
        .containsExactly(4L, 3L);
  }

  @Test
  void shouldBeginWithAWrongResponseWhenMostAreWrong() {
    // Given
    List<GroupOutcome> before = List.of(group(0, 0, true, 1), group(0, 1, true, 1));
    List<GroupOutcome> after = List.of(group(1, 0, false, 3), group(1, 1, false, 4));

    // When
    List<HeldOutExamples.Choice> choices = HeldOutExamples.of(before, after, SIZE).choices();

    // Then
    assertThat(choices).extracting(HeldOutExamples.Choice::isRight).containsExactly(false);
  }

  private static GroupOutcome group(
      long version, int problem, @Nullable Boolean right, int tokens) {
    return GroupOutcome.newBuilder()
        .setRunId("run")
        .setGroupId("run/e" + version + "/" + problem)
        .setOrdinal(version * SIZE + problem)
        .setPurpose(Purpose.EVALUATE)
        .setStatus(GroupStatus.COMPLETE)
        .setExpected(1)
        .setMembers(
            List.of(
                OutcomeMember.newBuilder()
                    .setArm("only")
                    .setIndex(0)
                    .setRollout(new RolloutReference("rollouts", 0, (long) problem, "hash"))
                    .setTrainedTokens(tokens)
                    .setRewardStatus(RewardStatus.PAID)
                    .setReward(0.0)
                    .setRight(right)
                    .build()))
        .setPolicyVersion(version)
        .setOpenedAt(NOW)
        .setCreatedAt(NOW)
        .build();
  }
}
