package io.urteil.deadletter;

import io.urteil.event.EventLog;
import io.urteil.event.GroupOutcome;
import io.urteil.event.LogFollower;
import io.urteil.event.LoggedEvent;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The closing times of groups. A partition of {@code groups} is read on the first lookup of one of
 * its groups.
 */
final class ClosedGroups {

  private final EventLog log;
  private final Set<TopicPartition> read = new HashSet<>();
  private final Map<Group, Instant> closed = new HashMap<>();

  private record Group(String runId, String groupId) {}

  ClosedGroups(EventLog log) {
    this.log = log;
  }

  /** The closing time of a run's group; null if it is open or unknown. */
  @Nullable Instant closedAt(String runId, String groupId) {
    TopicPartition partition = log.partitionOf(Topic.GROUPS, groupId);
    if (read.add(partition)) {
      read(partition);
    }
    return closed.get(new Group(runId, groupId));
  }

  private void read(TopicPartition partition) {
    RecordPosition first = new RecordPosition(partition.topic(), partition.partition(), 0);
    try (LogFollower follower = log.followFrom(List.of(first))) {
      follower.readToTheEnd(
          record ->
              log.event(record, GroupOutcome.class)
                  .map(LoggedEvent::event)
                  .ifPresent(
                      group ->
                          closed.put(
                              new Group(group.getRunId(), group.getGroupId()),
                              group.getCreatedAt())));
    }
  }
}
