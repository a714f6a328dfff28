package io.urteil.sampler;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tracks the unfinished records of each partition. The offset to commit is that of the lowest
 * unfinished record, even if later records are finished. Thread-safe.
 */
final class OffsetTracker {

  private static final class PartitionState {
    final TreeSet<Long> unfinished = new TreeSet<>();
    long next;
    long committed = -1;

    long committable() {
      return unfinished.isEmpty() ? next : unfinished.first();
    }
  }

  private final Map<TopicPartition, PartitionState> states = new HashMap<>();

  /** Adds a record that was read. Records of a partition must be added in offset order. */
  synchronized void started(TopicPartition partition, long offset) {
    PartitionState state = states.computeIfAbsent(partition, p -> new PartitionState());
    state.unfinished.add(offset);
    state.next = offset + 1;
  }

  /** Marks a record as finished. No effect if its partition has been revoked. */
  synchronized void finished(TopicPartition partition, long offset) {
    PartitionState state = states.get(partition);
    if (state != null) {
      state.unfinished.remove(offset);
    }
  }

  /** The number of unfinished records of the partition. */
  synchronized int unfinished(TopicPartition partition) {
    PartitionState state = states.get(partition);
    return state == null ? 0 : state.unfinished.size();
  }

  /** The offsets to commit that changed since the last call. */
  synchronized Map<TopicPartition, OffsetAndMetadata> toCommit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    states.forEach(
        (partition, state) -> {
          if (state.committable() != state.committed) {
            state.committed = state.committable();
            offsets.put(partition, new OffsetAndMetadata(state.committed));
          }
        });
    return offsets;
  }

  /** Removes partitions that were assigned to another consumer. */
  synchronized void forget(Collection<TopicPartition> partitions) {
    states.keySet().removeAll(partitions);
  }
}
