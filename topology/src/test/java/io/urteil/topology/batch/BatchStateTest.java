package io.urteil.topology.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Events;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GroupStatus;
import io.urteil.event.Ids;
import io.urteil.event.Purpose;
import io.urteil.run.RunFile;
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

  private static final RunFile.Batch IN_ORDER = settings(RunFile.Batch.Order.ORDINAL);
  private static final RunFile.Batch AS_CLOSED = settings(RunFile.Batch.Order.CLOSED);

  private BatchHeader header = BatchHeader.EMPTY;
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
    assertThat(header).isEqualTo(new BatchHeader(3, 0, 0, List.of(2L), 1, 2, 0));
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

  private void forgetTheLastTry() {
    header = BatchHeader.EMPTY;
    slots.clear();
    batches.clear();
  }

  private void close(RunFile.Batch settings, GroupOutcome group) {
    BatchChange.Taken taken = (BatchChange.Taken) on(settings, group);
    header = taken.header();
    if (taken.stored() != null) {
      slots.put(taken.stored(), group);
    }
    taken.removed().forEach(slots::remove);
    batches.addAll(taken.batches());
  }

  private BatchChange on(RunFile.Batch settings, GroupOutcome group) {
    return BatchState.on(group, settings, header, slots::get);
  }

  private List<List<Long>> ordinals() {
    return batches.stream()
        .map(batch -> batch.groups().stream().map(GroupOutcome::getOrdinal).toList())
        .toList();
  }

  private static RunFile.Batch settings(RunFile.Batch.Order order) {
    return new RunFile.Batch(
        RunFile.Batch.Kind.GRPO, 2, RunFile.Batch.ZeroVariance.KEEP_COUNT, order);
  }

  private static GroupOutcome group(long ordinal, GroupStatus status) {
    return GroupOutcome.newBuilder()
        .setRunId(Events.RUN)
        .setGroupId(Ids.group(Events.RUN, Purpose.TRAIN, ordinal))
        .setOrdinal(ordinal)
        .setStatus(status)
        .setExpected(0)
        .setMembers(List.of())
        .setOpenedAt(Events.START)
        .setCreatedAt(Events.START)
        .build();
  }
}
