package io.urteil.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.advantage.AdvantagePresets;
import io.urteil.batch.PreferenceBatches;
import io.urteil.event.BatchMember;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.GrpoBatch;
import io.urteil.event.OutcomeMember;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.RewardStatus;
import io.urteil.event.RolloutReference;
import io.urteil.event.TestEvents;
import io.urteil.run.RunFile;
import io.urteil.topology.TestRun;
import java.time.Instant;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private static final RunFile RUN = TestRun.plain();
  private static final Instant NOW = TestEvents.START.plusSeconds(9);

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
    GrpoBatch batch = of(GrpoBatch.class, RUN, full(4, List.of(group))).getFirst();

    // Then
    assertThat(batch.getBatchId()).isEqualTo("arithmetic-judge/4");
    assertThat(batch.getRunHash()).isEqualTo(RUN.hash());
    assertThat(batch.getAdvantage().getBaseline()).isEqualTo("mean");
    assertThat(batch.getSampledFrom()).isEqualTo(TestEvents.START);
    assertThat(batch.getJudgedUntil()).isEqualTo(TestEvents.START.plusSeconds(2));
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
        full(
            0,
            List.of(
                group(0, member("AB", 0, 1.0)),
                group(1, member("AB", 0, 1.0)),
                group(2, member("AB", 0, 1.0))));

    // When
    List<GrpoBatch> parts = of(GrpoBatch.class, RUN, full, entry -> 2 << 20);

    // Then
    assertThat(parts).extracting(GrpoBatch::getPart).containsExactly(0, 1);
    assertThat(parts).extracting(GrpoBatch::getParts).containsOnly(2);
    assertThat(parts).extracting(part -> part.getGroups().size()).containsExactly(2, 1);
  }

  @Test
  void shouldTellTheLagOfEachRolloutAndWhatFilteringCost() {
    // Given
    OutcomeMember made =
        OutcomeMember.newBuilder(member("AB", 0, 1.0)).setPolicyVersion(3L).build();
    OutcomeMember older =
        OutcomeMember.newBuilder(member("AB", 1, 0.0)).setPolicyVersion(1L).build();
    OutcomeMember unknown = member("BA", 0, 0.5);
    BatchChange.Full full =
        new BatchChange.Full(
            4,
            List.of(group(0, made, older, unknown)),
            BatchChange.CloseReason.TOKENS,
            new FilteredTotals(2, 16, 640));

    // When
    GrpoBatch batch = of(GrpoBatch.class, RUN, full).getFirst();

    // Then
    assertThat(batch.getLags()).isEqualTo(java.util.Map.of("1", 1, "3", 1, "unknown", 1));
    assertThat(batch.getCloseReason()).isEqualTo("tokens");
    assertThat(batch.getFilteredGroups()).isEqualTo(2);
    assertThat(batch.getFilteredRollouts()).isEqualTo(16);
    assertThat(batch.getFilteredTokens()).isEqualTo(640);
  }

  @Test
  void shouldTakeStatisticsOfTheWholeBatchWhenThePresetNeedsThem() {
    // Given
    RunFile run = RUN.edit().advantage(AdvantagePresets.named("lite-ppo")).build();
    GroupOutcome one = group(0, member("AB", 0, 1.0), member("AB", 1, 0.0));
    GroupOutcome other = group(1, member("AB", 0, 9.0), member("AB", 1, 1.0));

    // When
    GrpoBatch batch = of(GrpoBatch.class, run, full(0, List.of(one, other))).getFirst();

    // Then
    double deviation = Math.sqrt((3.0625 + 7.5625 + 39.0625 + 3.0625) / 3);
    assertThat(batch.getGroups().getFirst().getMembers().getFirst().getAdvantage())
        .isCloseTo(0.5 / (deviation + 1e-4), within(1e-12));
    assertThat(batch.getGroups().getLast().getMembers().getFirst().getAdvantage())
        .isCloseTo(4 / (deviation + 1e-4), within(1e-12));
    assertThat(batch.getAdvantage().getScale()).isEqualTo("batch");
  }

  @Test
  void shouldPairTheBestWithTheWorstOfEachArmOrEveryTwoThatDiffer() {
    // Given
    GroupOutcome group =
        group(
            0,
            member("AB", 0, 0.5),
            member("AB", 1, 1.0),
            member("AB", 2, 0.0),
            member("AB", 3, 1.0),
            member("BA", 0, 0.5),
            member("BA", 1, 0.5),
            member("BA", 2, null));
    GroupOutcome dull = group(1, member("AB", 0, 1.0), member("AB", 1, 1.0));

    // When
    var bestWorst =
        of(
            PreferenceBatch.class,
            preference(PreferenceBatches.Pairs.BEST_WORST),
            full(0, List.of(group, dull)));
    var all =
        of(
            PreferenceBatch.class,
            preference(PreferenceBatches.Pairs.ALL),
            full(0, List.of(group, dull)));

    // Then
    assertThat(bestWorst.getFirst().getPairs())
        .extracting("arm", "chosen.offset", "rejected.offset", "chosenReward", "rejectedReward")
        .containsExactly(org.assertj.core.groups.Tuple.tuple("AB", 1L, 2L, 1.0, 0.0));
    assertThat(all.getFirst().getPairs())
        .extracting(pair -> pair.getChosen().getOffset() + ">" + pair.getRejected().getOffset())
        .containsExactly("0>2", "1>0", "1>2", "3>0", "3>2");
    assertThat(all.getFirst().getGroups()).containsExactly(group.getGroupId(), dull.getGroupId());
  }

  @Test
  void shouldKeepDemonstrationsAtOrAboveTheThreshold() {
    // Given
    RunFile run = TestRun.demonstrations(0.5);
    GroupOutcome group =
        group(0, member("AB", 0, 0.5), member("AB", 1, 0.49), member("BA", 0, 2.0));

    // When
    var batch = of(DemonstrationBatch.class, run, full(7, List.of(group))).getFirst();

    // Then
    assertThat(batch.getBatchId()).isEqualTo("arithmetic-judge/7");
    assertThat(batch.getDemonstrations())
        .extracting("arm", "index", "reward")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("AB", 0, 0.5),
            org.assertj.core.groups.Tuple.tuple("BA", 0, 2.0));
    assertThat(of(DemonstrationBatch.class, run, full(8, List.of(group(1)))))
        .singleElement()
        .satisfies(
            empty -> {
              assertThat(empty.getDemonstrations()).isEmpty();
              assertThat(empty.getGroups()).containsExactly(group(1).getGroupId());
            });
  }

  @Test
  void shouldFillEveryFieldOfItsHeadWhateverTheKind() {
    // Given
    BatchChange.Full full =
        new BatchChange.Full(
            3,
            List.of(group(0, member("AB", 0, 1.0), member("AB", 1, 0.0))),
            BatchChange.CloseReason.GROUPS,
            new FilteredTotals(2, 16, 640));
    RunFile demonstration = TestRun.demonstrations(0.5);

    for (RunFile run : List.of(RUN, preference(PreferenceBatches.Pairs.ALL), demonstration)) {
      // When
      var part = Batches.of(run, full, size -> 1, NOW).getFirst();

      // Then
      assertThat(part.getSchema().getFields())
          .as(part.getSchema().getName())
          .allSatisfy(field -> assertThat(part.get(field.pos())).as(field.name()).isNotNull());
      assertThat(part)
          .extracting("batchId", "runId", "number", "part", "parts", "runHash", "closeReason")
          .containsExactly(TestEvents.RUN + "/3", TestEvents.RUN, 3L, 0, 1, run.hash(), "groups");
      assertThat(part)
          .extracting("filteredGroups", "filteredRollouts", "filteredTokens", "createdAt")
          .containsExactly(2, 16, 640L, NOW);
      assertThat(new io.urteil.event.EventCodec().encode(part)).isNotEmpty();
    }
  }

  private static <B> List<B> of(Class<B> event, RunFile run, BatchChange.Full full) {
    return of(event, run, full, entry -> 1);
  }

  private static <B> List<B> of(
      Class<B> event, RunFile run, BatchChange.Full full, ToIntFunction<SpecificRecord> size) {
    return Batches.of(run, full, size, NOW).stream().map(event::cast).toList();
  }

  private static RunFile preference(PreferenceBatches.Pairs pairs) {
    return RUN.edit()
        .batch(batch -> batch.withKind(new PreferenceBatches(pairs)))
        .withoutTrain()
        .build();
  }

  private static BatchChange.Full full(long number, List<GroupOutcome> groups) {
    return new BatchChange.Full(
        number, groups, BatchChange.CloseReason.GROUPS, FilteredTotals.NONE);
  }

  private static GroupOutcome group(long ordinal, OutcomeMember... members) {
    return GroupOutcome.newBuilder()
        .setRunId(TestEvents.RUN)
        .setGroupId(TestEvents.RUN + "/t" + ordinal)
        .setOrdinal(ordinal)
        .setStatus(GroupStatus.PARTIAL)
        .setExpected(members.length)
        .setMembers(List.of(members))
        .setOpenedAt(TestEvents.START)
        .setCreatedAt(TestEvents.START)
        .build();
  }

  private static OutcomeMember member(String arm, int index, @Nullable Double reward) {
    return OutcomeMember.newBuilder()
        .setArm(arm)
        .setIndex(index)
        .setRollout(new RolloutReference("rollouts", 0, (long) index, "hash"))
        .setDispatchedAt(TestEvents.START)
        .setRolledOutAt(TestEvents.START.plusSeconds(1))
        .setJudgedAt(TestEvents.START.plusSeconds(2))
        .setRewardStatus(reward == null ? RewardStatus.INCOMPLETE_PAIR : RewardStatus.PAID)
        .setReward(reward)
        .build();
  }
}
