package io.urteil.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.event.BatchMember;
import io.urteil.event.Events;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.OutcomeMember;
import io.urteil.event.RewardStatus;
import io.urteil.event.RolloutReference;
import io.urteil.run.RunFile;
import io.urteil.topology.TestRun;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrpoBatchesTest {

  private static final RunFile RUN = TestRun.plain();
  private static final Instant NOW = Events.START.plusSeconds(9);

  @Test
  void shouldCarryPaidMembersWithAdvantagesOfTheirOwnArm() {
    // Given
    GroupOutcome group =
        group(
            0,
            member("AB", 0, 1.0),
            member("AB", 1, 0.0),
            member("BA", 0, 0.5),
            member("BA", 1, null));

    // When
    GrpoBatch batch =
        GrpoBatches.of(RUN, new BatchChange.Full(4, List.of(group)), size -> 1, NOW).getFirst();

    // Then
    assertThat(batch.getBatchId()).isEqualTo("arithmetic-judge/4");
    assertThat(batch.getRunHash()).isEqualTo(RUN.hash());
    assertThat(batch.getAdvantage().getBaseline()).isEqualTo("mean");
    assertThat(batch.getSampledFrom()).isEqualTo(Events.START);
    assertThat(batch.getJudgedUntil()).isEqualTo(Events.START.plusSeconds(2));
    List<BatchMember> members = batch.getGroups().getFirst().getMembers();
    assertThat(members).extracting(BatchMember::getReward).containsExactly(1.0, 0.0, 0.5);
    assertThat(members.get(0).getAdvantage()).isCloseTo(0.5 / 0.5001, within(1e-12));
    assertThat(members.get(1).getAdvantage()).isCloseTo(-0.5 / 0.5001, within(1e-12));
    assertThat(members.get(2).getAdvantage()).isZero();
  }

  @Test
  void shouldSplitABatchIntoPartsWhenItIsTooLargeForOneRecord() {
    // Given
    BatchChange.Full full =
        new BatchChange.Full(
            0,
            List.of(
                group(0, member("AB", 0, 1.0)),
                group(1, member("AB", 0, 1.0)),
                group(2, member("AB", 0, 1.0))));

    // When
    List<GrpoBatch> parts = GrpoBatches.of(RUN, full, size -> 2 << 20, NOW);

    // Then
    assertThat(parts).extracting(GrpoBatch::getPart).containsExactly(0, 1);
    assertThat(parts).extracting(GrpoBatch::getParts).containsOnly(2);
    assertThat(parts).extracting(part -> part.getGroups().size()).containsExactly(2, 1);
  }

  private static GroupOutcome group(long ordinal, OutcomeMember... members) {
    return GroupOutcome.newBuilder()
        .setRunId(Events.RUN)
        .setGroupId(Events.RUN + "/t" + ordinal)
        .setOrdinal(ordinal)
        .setStatus(GroupStatus.PARTIAL)
        .setExpected(members.length)
        .setMembers(List.of(members))
        .setOpenedAt(Events.START)
        .setCreatedAt(Events.START)
        .build();
  }

  private static OutcomeMember member(String arm, int index, @Nullable Double reward) {
    return OutcomeMember.newBuilder()
        .setArm(arm)
        .setIndex(index)
        .setRollout(new RolloutReference("rollouts", 0, (long) index, "hash"))
        .setDispatchedAt(Events.START)
        .setRolledOutAt(Events.START.plusSeconds(1))
        .setJudgedAt(Events.START.plusSeconds(2))
        .setRewardStatus(reward == null ? RewardStatus.INCOMPLETE_PAIR : RewardStatus.PAID)
        .setReward(reward)
        .build();
  }
}
