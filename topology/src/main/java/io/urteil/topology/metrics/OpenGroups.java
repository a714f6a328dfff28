package io.urteil.topology.metrics;

import io.urteil.topology.group.GroupHeader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open groups of one task, counted by run and by the second in which they were opened. Groups
 * that the task finds in its store when it begins are counted page by page, in the order of their
 * keys; a change beyond the last page counts when its page is read. Written by the task's thread,
 * read by any.
 */
public final class OpenGroups {

  private static final long SECOND = 1_000;

  private final Consumer<String> newRun;
  private final Map<String, ConcurrentSkipListMap<Long, Long>> bySecond = new ConcurrentHashMap<>();
  private boolean complete;
  private byte @Nullable [] lastCounted;
  private @Nullable String lastId;

  /**
   * @param newRun given the id of each run of which a group is counted, once
   */
  OpenGroups(Consumer<String> newRun) {
    this.newRun = newRun;
  }

  /** Whether every stored group is counted. */
  public boolean isComplete() {
    return complete;
  }

  /** The group after which the next page begins; null for the first page. */
  public @Nullable String lastCounted() {
    return lastId;
  }

  /** Counts the next page of stored groups; an empty one was the last. */
  public void stored(List<GroupHeader> page) {
    page.forEach(this::add);
    if (page.isEmpty()) {
      complete = true;
      lastCounted = null;
    } else {
      lastId = page.getLast().groupId();
      lastCounted = bytes(lastId);
    }
  }

  /**
   * A group was stored, changed or removed.
   *
   * @param before null when it was not stored
   * @param after null when it is not stored any more
   */
  public void changed(@Nullable GroupHeader before, @Nullable GroupHeader after) {
    if (before != null && after != null && before.times().openedAt() == after.times().openedAt()) {
      return;
    }
    if (before != null && isCounted(before.groupId())) {
      remove(before);
    }
    if (after != null && isCounted(after.groupId())) {
      add(after);
    }
  }

  /** Open groups of this run. */
  long count(String runId) {
    Map<Long, Long> seconds = bySecond.get(runId);
    return seconds == null ? 0 : seconds.values().stream().mapToLong(Long::longValue).sum();
  }

  /** When the oldest of this run was opened, to the second; {@link Long#MAX_VALUE} without any. */
  long oldestMillis(String runId) {
    ConcurrentSkipListMap<Long, Long> seconds = bySecond.get(runId);
    Map.Entry<Long, Long> oldest = seconds == null ? null : seconds.firstEntry();
    return oldest == null ? Long.MAX_VALUE : oldest.getKey() * SECOND;
  }

  private void add(GroupHeader group) {
    ConcurrentSkipListMap<Long, Long> seconds = bySecond.get(group.runId());
    if (seconds == null) {
      seconds = new ConcurrentSkipListMap<>();
      bySecond.put(group.runId(), seconds);
      newRun.accept(group.runId());
    }
    seconds.merge(second(group), 1L, Long::sum);
  }

  private void remove(GroupHeader group) {
    ConcurrentSkipListMap<Long, Long> seconds = bySecond.get(group.runId());
    if (seconds != null) {
      seconds.computeIfPresent(second(group), (at, count) -> count == 1 ? null : count - 1);
      if (seconds.isEmpty()) {
        bySecond.remove(group.runId());
      }
    }
  }

  /** Stores are ordered by the bytes of their keys, which is not the order of strings. */
  private boolean isCounted(String groupId) {
    return complete
        || (lastCounted != null && Arrays.compareUnsigned(bytes(groupId), lastCounted) <= 0);
  }

  private static long second(GroupHeader group) {
    return Math.floorDiv(group.times().openedAt(), SECOND);
  }

  private static byte[] bytes(String groupId) {
    return groupId.getBytes(StandardCharsets.UTF_8);
  }
}
