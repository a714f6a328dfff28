package io.urteil.sampler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  private static final TopicPartition PARTITION = new TopicPartition("prompts", 1);

  private final OffsetTracker tracker = new OffsetTracker();

  @Test
  void shouldSumTheBytesOfUnfinishedRecords() {
    // Given
    tracker.started(PARTITION, 1, 100);
    tracker.started(PARTITION, 2, 20);
    tracker.started(PARTITION, 4, 3);

    // When
    tracker.finished(PARTITION, 2);
    tracker.finished(PARTITION, 2);

    // Then
    assertThat(tracker.heldBytes(PARTITION)).isEqualTo(103);
  }

  @Test
  void shouldNotCountParkedRecordsAndNotCommitPastThem() {
    // Given
    tracker.started(PARTITION, 1, 100);
    tracker.started(PARTITION, 2, 20);

    // When
    tracker.parked(PARTITION, 1);
    tracker.parked(PARTITION, 1);
    tracker.parked(PARTITION, 7);
    tracker.finished(PARTITION, 2);

    // Then
    assertThat(tracker.held(PARTITION)).isZero();
    assertThat(tracker.heldBytes(PARTITION)).isZero();
    assertThat(tracker.parked()).isEqualTo(1);
    assertThat(tracker.toCommit()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(1)));

    tracker.loaded(PARTITION, 1, 100);
    assertThat(tracker.held(PARTITION)).isEqualTo(1);
    assertThat(tracker.heldBytes(PARTITION)).isEqualTo(100);
    assertThat(tracker.parked()).isZero();
    tracker.parked(PARTITION, 1);
    tracker.finished(PARTITION, 1);
    assertThat(tracker.parked()).isZero();
    assertThat(tracker.toCommit()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(3)));
  }

  @Test
  void shouldCommitTheLowestUnfinishedWhenLaterOnesFinishFirst() {
    // Given
    for (long offset = 7; offset < 10; offset++) {
      tracker.started(PARTITION, offset, 5);
    }

    // When
    tracker.finished(PARTITION, 9);
    tracker.finished(PARTITION, 7);

    // Then
    assertThat(tracker.toCommit()).isEqualTo(Map.of(PARTITION, new OffsetAndMetadata(8)));
    assertThat(tracker.held(PARTITION)).isEqualTo(1);
  }

  @Test
  void shouldGiveAnOffsetOutOnceWhenNothingChanges() {
    // Given
    tracker.started(PARTITION, 7, 5);
    tracker.finished(PARTITION, 7);
    tracker.toCommit();

    // When
    Map<TopicPartition, OffsetAndMetadata> again = tracker.toCommit();

    // Then
    assertThat(again).isEmpty();
  }

  @Test
  void shouldCommitNothingOfAPartitionWhenItWasGivenUp() {
    // Given
    tracker.started(PARTITION, 7, 5);
    tracker.forget(List.of(PARTITION));

    // When
    tracker.finished(PARTITION, 7);

    // Then
    assertThat(tracker.toCommit()).isEmpty();
  }

  @Property
  void shouldNeverCommitBeyondAnUnfinishedRecordWhateverTheOrder(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 40) int records) {
    OffsetTracker shuffled = new OffsetTracker();
    List<Long> unfinished = new ArrayList<>();
    long next = 100;
    long committed = -1;
    while (next < 100 + records || !unfinished.isEmpty()) {
      if (next < 100 + records && random.nextBoolean()) {
        shuffled.started(PARTITION, next, 5);
        unfinished.add(next++);
      } else if (!unfinished.isEmpty()) {
        shuffled.finished(PARTITION, unfinished.remove(random.nextInt(unfinished.size())));
      }
      OffsetAndMetadata offset = shuffled.toCommit().get(PARTITION);
      if (offset != null) {
        assertThat(offset.offset()).isGreaterThan(committed);
        committed = offset.offset();
      }
      long beyond = committed;
      assertThat(unfinished).allMatch(open -> open >= beyond);
    }
    assertThat(committed).isEqualTo(100 + records);
  }
}
