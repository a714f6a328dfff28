package io.urteil.contract;

import io.urteil.event.EventLog;
import java.util.Optional;

/**
 * The partition of a group: on {@code prompts}, {@code rollouts} and {@code judgements} all records
 * of a group lie on the partition that the murmur2 hash of the group id determines, as Kafka's Java
 * producer chooses it. A group on two partitions would be closed twice, because different tasks of
 * the topology read them. Pure.
 *
 * @param partitions number of partitions of each of these topics
 */
public record GroupPartitioning(int partitions) {

  public GroupPartitioning {
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions: %d (expected: >= 1)".formatted(partitions));
    }
  }

  /** The partition of a group. */
  public int partitionOf(String groupId) {
    return EventLog.partitionOf(groupId, partitions);
  }

  /** What is wrong with a record of this group on this partition; empty if it belongs there. */
  public Optional<String> violation(String groupId, int partition) {
    int expected = partitionOf(groupId);
    return partition == expected
        ? Optional.empty()
        : Optional.of(
            ("partition: %d (expected: %d of %d, by the murmur2 hash of the key; librdkafka clients"
                    + " need partitioner=murmur2_random)")
                .formatted(partition, expected, partitions));
  }
}
