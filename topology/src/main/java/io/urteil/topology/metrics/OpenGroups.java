package io.urteil.topology.metrics;

import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.GroupKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open groups of one task by run and by the second of their opening. Groups that are in
 * the store at the start of the task are counted page by page in key order; a change after the last
 * counted page is included when its page is read. Written by the task's thread, read by any.
 */
public final class OpenGroups {

  private static final long SECOND = 1_000;

  private final Consumer<String> newRun;
  private final Map<String, ConcurrentSkipListMap<Long, Long>> bySecond = new ConcurrentHashMap<>();
  private boolean complete;
  private byte @Nullable [] lastCounted;
  private @Nullable GroupKey lastKey;

  /**
   * @param newRun receives the id of each run at its first group
   */
  OpenGroups(Consumer<String> newRun) {
    this.newRun = newRun;
  }

  /** Whether all stored groups are counted. */
  public boolean isComplete() {
    return complete;
  }

  /** The group before the next page; null before the first page. */
  public @Nullable GroupKey lastCounted() {
    return lastKey;
  }

  /** Counts the next page of stored groups; an empty page completes the count. */
  public void stored(List<GroupHeader> page) {
    page.forEach(this::add);
    if (page.isEmpty()) {
      complete = true;
      lastCounted = null;
    } else {
      lastKey = page.getLast().key();
      lastCounted = bytes(lastKey);
    }
  }

  /**
   * Updates the count after a group was stored, changed or removed.
   *
   * @param before null if it was not stored before
   * @param after null if it is no longer stored
   */
  public void changed(@Nullable GroupHeader before, @Nullable GroupHeader after) {
    if (before != null && after != null && before.times().openedAt() == after.times().openedAt()) {
      return;
    }
    if (before != null && isCounted(before.key())) {
      remove(before);
    }
    if (after != null && isCounted(after.key())) {
      add(after);
    }
  }

  /** The number of open groups of this run. */
  long count(String runId) {
    Map<Long, Long> seconds = bySecond.get(runId);
    return seconds == null ? 0 : seconds.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Opening time of the run's oldest group, to the second; {@link Long#MAX_VALUE} without one. */
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

  /** Compares bytes as the stores do; the order of strings differs. */
  private boolean isCounted(GroupKey group) {
    return complete
        || (lastCounted != null && Arrays.compareUnsigned(bytes(group), lastCounted) <= 0);
  }

  private static long second(GroupHeader group) {
    return Math.floorDiv(group.times().openedAt(), SECOND);
  }

  private static byte[] bytes(GroupKey group) {
    return group.stored().getBytes(StandardCharsets.UTF_8);
  }
}
