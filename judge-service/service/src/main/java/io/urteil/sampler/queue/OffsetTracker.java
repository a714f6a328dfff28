package io.urteil.sampler.queue;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the unfinished records of each partition. The offset to commit is that of the lowest
 * unfinished record, even if later records are finished. Thread-safe.
 */
public final class OffsetTracker {

  /** In the place of the size of a parked record, of which only the position is held. */
  private static final int PARKED = -1;

  private static final class PartitionState {
    final TreeMap<Long, Integer> unfinished = new TreeMap<>();
    int parked;
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
  public synchronized void started(TopicPartition partition, long offset, int bytes) {
    PartitionState state = states.computeIfAbsent(partition, p -> new PartitionState());
    state.unfinished.put(offset, bytes);
    state.bytes += bytes;
    state.next = offset + 1;
  }

  /** Marks a record as finished. No effect if its partition has been revoked. */
  public synchronized void finished(TopicPartition partition, long offset) {
    PartitionState state = states.get(partition);
    if (state != null) {
      forget(state, state.unfinished.remove(offset));
    }
  }

  /** A record that was read is parked. No effect if it is finished or revoked. */
  public synchronized void parked(TopicPartition partition, long offset) {
    PartitionState state = states.get(partition);
    if (state != null && state.unfinished.containsKey(offset)) {
      forget(state, state.unfinished.put(offset, PARKED));
      state.parked++;
    }
  }

  /** A parked record is held again. No effect if it is finished or revoked. */
  public synchronized void loaded(TopicPartition partition, long offset, int bytes) {
    PartitionState state = states.get(partition);
    if (state != null && state.unfinished.containsKey(offset)) {
      forget(state, state.unfinished.put(offset, bytes));
      state.bytes += bytes;
    }
  }

  private static void forget(PartitionState state, @Nullable Integer bytes) {
    if (bytes != null && bytes == PARKED) {
      state.parked--;
    } else if (bytes != null) {
      state.bytes -= bytes;
    }
  }

  /** The number of parked records of all partitions. */
  public synchronized int parked() {
    return states.values().stream().mapToInt(state -> state.parked).sum();
  }

  /** The number of unfinished records of the partition that are not parked. */
  public synchronized int held(TopicPartition partition) {
    PartitionState state = states.get(partition);
    return state == null ? 0 : state.unfinished.size() - state.parked;
  }

  /** The bytes of these records. */
  public synchronized long heldBytes(TopicPartition partition) {
    PartitionState state = states.get(partition);
    return state == null ? 0 : state.bytes;
  }

  /** The offsets to commit that changed since the last call. */
  public synchronized Map<TopicPartition, OffsetAndMetadata> toCommit() {
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
  public synchronized void forget(Collection<TopicPartition> partitions) {
    states.keySet().removeAll(partitions);
  }
}
