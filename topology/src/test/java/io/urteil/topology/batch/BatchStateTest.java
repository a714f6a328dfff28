package io.urteil.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.batch.BatchSection;
import io.urteil.batch.GrpoBatches;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Ids;
import io.urteil.event.OutcomeMember;
import io.urteil.event.Purpose;
import io.urteil.event.RewardStatus;
import io.urteil.event.TestEvents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchStateTest {

  private static final BatchSection IN_ORDER = settings(BatchSection.GroupOrder.ORDINAL);
  private static final BatchSection AS_CLOSED = settings(BatchSection.GroupOrder.CLOSED);

  private BatchProgress header = BatchProgress.EMPTY;
  private final Map<Long, GroupOutcome> slots = new HashMap<>();
  private final List<BatchChange.Full> batches = new ArrayList<>();

  @Test
  void shouldWaitForTheHoleWhenLaterGroupsHaveClosed() {
    // Given
    close(IN_ORDER, group(1, GroupStatus.COMPLETE));
    close(IN_ORDER, group(2, GroupStatus.COMPLETE));
    assertThat(batches).isEmpty();

    // When
    close(IN_ORDER, group(0, GroupStatus.COMPLETE));

    // Then
    assertThat(ordinals()).containsExactly(List.of(0L, 1L));
    assertThat(header)
        .isEqualTo(
            new BatchProgress(
                3, 0, 0, List.of(2L), 0, 1, 1, 2, 0, FilteredTotals.NONE, FilteredTotals.NONE));
    assertThat(slots).containsOnlyKeys(2L);
  }

  @Test
  void shouldFillThePlaceOfADroppedGroupWithTheNextOrdinalWhenItsTurnComes() {
    // Given
    close(IN_ORDER, group(1, GroupStatus.EXPIRED));
    assertThat(header.groupsDropped()).isZero();

    // When
    close(IN_ORDER, group(0, GroupStatus.PARTIAL));
    close(IN_ORDER, group(2, GroupStatus.COMPLETE));

    // Then
    assertThat(ordinals()).containsExactly(List.of(0L, 2L));
    assertThat(header.groupsDropped()).isEqualTo(1);
    assertThat(slots).isEmpty();
  }

  @Test
  void shouldTakeGroupsAsTheyCloseWhenTheRunOrTheirProducerDoesNotCount() {
    // Given
    close(AS_CLOSED, group(5, GroupStatus.COMPLETE));
    close(AS_CLOSED, group(4, GroupStatus.POISONED));

    // When
    close(AS_CLOSED, group(-1, GroupStatus.COMPLETE));
    close(IN_ORDER, group(-1, GroupStatus.COMPLETE));
    close(IN_ORDER, group(-1, GroupStatus.COMPLETE));

    // Then
    assertThat(ordinals()).containsExactly(List.of(5L, -1L), List.of(-1L, -1L));
    assertThat(header.groupsDropped()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAnOrdinalThatHasLeftOrIsTaken() {
    // Given
    close(IN_ORDER, group(0, GroupStatus.COMPLETE));
    close(IN_ORDER, group(3, GroupStatus.COMPLETE));

    // When
    BatchChange left = on(IN_ORDER, group(0, GroupStatus.COMPLETE));
    BatchChange taken = on(IN_ORDER, group(3, GroupStatus.COMPLETE));

    // Then
    assertThat(left)
        .isEqualTo(
            new BatchChange.Refused(
                "group 'arithmetic-judge/t0' has ordinal 0 (expected: at least 1, the lower ones"
                    + " have left)"));
    assertThat(taken).isInstanceOf(BatchChange.Refused.class);
  }

  @Property
  void shouldMakeTheSameBatchesInWhateverOrderGroupsClose(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 3) Integer> fates, @ForAll long seed) {
    forgetTheLastTry();
    List<GroupOutcome> groups = new ArrayList<>();
    for (int ordinal = 0; ordinal < fates.size(); ordinal++) {
      groups.add(
          group(ordinal, fates.get(ordinal) == 0 ? GroupStatus.EXPIRED : GroupStatus.COMPLETE));
    }
    List<Long> usable =
        groups.stream()
            .filter(group -> group.getStatus() == GroupStatus.COMPLETE)
            .map(GroupOutcome::getOrdinal)
            .toList();
    List<GroupOutcome> shuffled = new ArrayList<>(groups);
    Collections.shuffle(shuffled, new Random(seed));

    shuffled.forEach(group -> close(IN_ORDER, group));

    assertThat(ordinals().stream().flatMap(List::stream).toList())
        .isEqualTo(usable.subList(0, usable.size() / 2 * 2));
    assertThat(batches)
        .extracting(BatchChange.Full::number)
        .containsExactlyElementsOf(LongStream.range(0, usable.size() / 2).boxed().toList());
    assertThat(header.groupsBatched() + header.groupsDropped() + header.ready().size())
        .isEqualTo(groups.size());
    assertThat(slots).hasSize(header.ready().size());
    assertThat(BatchCodec.header(BatchCodec.encode(header))).isEqualTo(header);
  }

  @Test
  void shouldLeaveThePlaceOfAFilteredGroupEmptyWhenTheRunDropsIt() {
    // Given
    BatchSection drop = filtering(BatchSection.ZeroVariance.DROP);

    // When
    close(drop, group(0, GroupStatus.FILTERED));
    close(drop, group(1, GroupStatus.COMPLETE));
    close(drop, group(2, GroupStatus.COMPLETE));
    close(drop, group(3, GroupStatus.COMPLETE));

    // Then
    assertThat(ordinals()).containsExactly(List.of(1L), List.of(2L, 3L));
    assertThat(batches).extracting(batch -> batch.filtered().groups()).containsExactly(1L, 0L);
    assertThat(header.groupsDropped()).isZero();
    assertThat(header.filtered().groups()).isEqualTo(1);
  }

  @Test
  void shouldFillTheBatchAfreshWhenAllOfItWasDropped() {
    // Given
    BatchSection drop = filtering(BatchSection.ZeroVariance.DROP);

    // When
    close(drop, group(0, GroupStatus.FILTERED));
    close(drop, group(1, GroupStatus.FILTERED));
    close(drop, group(2, GroupStatus.COMPLETE));
    close(drop, group(3, GroupStatus.COMPLETE));

    // Then
    assertThat(ordinals()).containsExactly(List.of(2L, 3L));
    assertThat(header.groupsDropped()).isEqualTo(2);
    assertThat(batches.getFirst().number()).isZero();
    assertThat(batches.getFirst().filtered().groups()).isEqualTo(2);
  }

  @Test
  void shouldTakeTheNextGroupInThePlaceOfAFilteredOneWhenTheRunRefills() {
    // Given
    BatchSection refill = filtering(BatchSection.ZeroVariance.REFILL);

    // When
    close(refill, group(0, GroupStatus.FILTERED));
    close(refill, group(1, GroupStatus.COMPLETE));
    assertThat(batches).isEmpty();
    close(refill, group(2, GroupStatus.COMPLETE));

    // Then
    assertThat(ordinals()).containsExactly(List.of(1L, 2L));
    assertThat(header.groupsDropped()).isEqualTo(1);
    assertThat(batches.getFirst().filtered().groups()).isEqualTo(1);
  }

  @Test
  void shouldCloseByTokensBeforeItHasAllItsGroups() {
    // Given
    BatchSection byTokens =
        new BatchSection(
            new GrpoBatches(),
            3,
            10,
            BatchSection.ZeroVariance.KEEP_COUNT,
            BatchSection.GroupOrder.ORDINAL);

    // When
    close(byTokens, group(0, 6));
    close(byTokens, group(1, 6));
    close(byTokens, group(2, 1));
    close(byTokens, group(3, 1));
    close(byTokens, group(4, 1));

    // Then
    assertThat(ordinals()).containsExactly(List.of(0L, 1L), List.of(2L, 3L, 4L));
    assertThat(batches)
        .extracting(BatchChange.Full::reason)
        .containsExactly(BatchChange.CloseReason.TOKENS, BatchChange.CloseReason.GROUPS);
  }

  @Test
  void shouldReadStateOfTheFirstLayout() {
    // Given
    java.nio.ByteBuffer old = java.nio.ByteBuffer.allocate(1 + 8 * 8).put((byte) 1);
    List.of(9L, 0L, 1L, 2L, 4L, 1L, 7L, 8L).forEach(old::putLong);

    // When
    BatchProgress read = BatchCodec.header(old.array());

    // Then
    assertThat(read)
        .isEqualTo(
            new BatchProgress(
                9, 0, 1, List.of(7L, 8L), 0, 2, 2, 4, 1, FilteredTotals.NONE, FilteredTotals.NONE));
  }

  private static BatchSection filtering(BatchSection.ZeroVariance zeroVariance) {
    return new BatchSection(new GrpoBatches(), 2, zeroVariance, BatchSection.GroupOrder.ORDINAL);
  }

  private static GroupOutcome group(long ordinal, int tokens) {
    OutcomeMember member =
        OutcomeMember.newBuilder()
            .setArm("only")
            .setIndex(0)
            .setTrainedTokens(tokens)
            .setRewardStatus(RewardStatus.PAID)
            .setReward(1.0)
            .build();
    return GroupOutcome.newBuilder(group(ordinal, GroupStatus.COMPLETE))
        .setMembers(List.of(member))
        .build();
  }

  private void forgetTheLastTry() {
    header = BatchProgress.EMPTY;
    slots.clear();
    batches.clear();
  }

  private void close(BatchSection settings, GroupOutcome group) {
    BatchChange.Taken taken = (BatchChange.Taken) on(settings, group);
    header = taken.header();
    if (taken.stored() != null) {
      slots.put(taken.stored(), group);
    }
    taken.removed().forEach(slots::remove);
    batches.addAll(taken.batches());
  }

  private BatchChange on(BatchSection settings, GroupOutcome group) {
    return BatchState.on(group, settings, header, slots::get);
  }

  private List<List<Long>> ordinals() {
    return batches.stream()
        .map(batch -> batch.groups().stream().map(GroupOutcome::getOrdinal).toList())
        .toList();
  }

  private static BatchSection settings(BatchSection.GroupOrder order) {
    return new BatchSection(new GrpoBatches(), 2, BatchSection.ZeroVariance.KEEP_COUNT, order);
  }

  private static GroupOutcome group(long ordinal, GroupStatus status) {
    return GroupOutcome.newBuilder()
        .setRunId(TestEvents.RUN)
        .setGroupId(Ids.group(TestEvents.RUN, Purpose.TRAIN, ordinal))
        .setOrdinal(ordinal)
        .setStatus(status)
        .setExpected(0)
        .setMembers(List.of())
        .setOpenedAt(TestEvents.START)
        .setCreatedAt(TestEvents.START)
        .build();
  }
}
