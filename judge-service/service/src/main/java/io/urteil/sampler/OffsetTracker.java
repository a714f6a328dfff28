package io.urteil.sampler;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tracks the unfinished records of each partition. The offset to commit is that of the lowest
 * unfinished record, even if later records are finished. Thread-safe.
 */
final class OffsetTracker {

  private static final class PartitionState {
    final TreeMap<Long, Integer> unfinished = new TreeMap<>();
    long bytes;
    long next;
    long committed = -1;

    long committable() {
      return unfinished.isEmpty() ? next : unfinished.firstKey();
    }
  }

  private final Map<TopicPartition, PartitionState> states = new HashMap<>();

  /**
   * Adds a record that was read. Records of a partition must be added in offset order.
   *
   * @param bytes size of its key and value
   */
  synchronized void started(TopicPartition partition, long offset, int bytes) {
    PartitionState state = states.computeIfAbsent(partition, p -> new PartitionState());
    state.unfinished.put(offset, bytes);
    state.bytes += bytes;
    state.next = offset + 1;
  }

  /** Marks a record as finished. No effect if its partition has been revoked. */
  synchronized void finished(TopicPartition partition, long offset) {
    PartitionState state = states.get(partition);
    if (state != null) {
      Integer bytes = state.unfinished.remove(offset);
      state.bytes -= bytes == null ? 0 : bytes;
    }
  }

  /** The number of unfinished records of the partition. */
  synchronized int unfinished(TopicPartition partition) {
    PartitionState state = states.get(partition);
    return state == null ? 0 : state.unfinished.size();
  }

  /** The bytes of the unfinished records of the partition. */
  synchronized long unfinishedBytes(TopicPartition partition) {
    PartitionState state = states.get(partition);
    return state == null ? 0 : state.bytes;
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
