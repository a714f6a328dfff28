package io.urteil.gateway;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what this gateway has published and the topology has not closed, and refuses more than the
 * limits. Thread-safe.
 */
final class OpenGroups {

  private static final int REMEMBERED_TIMES = 101;
  private static final Duration FIRST_GUESS = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private record Open(long bytes, long sinceNanos, long untilNanos) {}

  private final int maxGroups;
  private final long maxBytes;
  private final Map<GroupName, Open> open = new HashMap<>();
  private final long[] times = new long[REMEMBERED_TIMES];
  private long closed;
  private long bytes;

  OpenGroups(int maxGroups, long maxBytes) {
    this.maxGroups = maxGroups;
    this.maxBytes = maxBytes;
  }

  /**
   * A group, or more members of one.
   *
   * @param bytes of its rollouts
   * @param atMost time after which it no longer counts, closed or not
   */
  record Addition(GroupName name, long bytes, Duration atMost) {}

  /**
   * Admits all of these or none.
   *
   * @throws RefusedException if too much is open, with the time after which to retry
   */
  synchronized void admit(List<Addition> additions) {
    long more = additions.stream().filter(each -> !open.containsKey(each.name())).count();
    if (more > 0 && open.size() + more > maxGroups) {
      refuse(
          "%d groups are open, and %d more (expected: at most %d)"
              .formatted(open.size(), more, maxGroups));
    }
    long size = additions.stream().mapToLong(Addition::bytes).sum();
    // One that is larger than the limit by itself is admitted when nothing else is open.
    if (size > 0 && bytes > 0 && bytes + size > maxBytes) {
      refuse(
          "%d bytes of open groups, and %d more (expected: at most %d)"
              .formatted(bytes, size, maxBytes));
    }
    bytes += size;
    long now = System.nanoTime();
    for (Addition each : additions) {
      open.merge(
          each.name(),
          new Open(each.bytes(), now, now + each.atMost().toNanos()),
          (before, added) ->
              new Open(before.bytes() + added.bytes(), before.sinceNanos(), added.untilNanos()));
    }
  }

  /** The group has closed; without effect if it is not open here. */
  synchronized void close(GroupName name) {
    Open group = open.remove(name);
    if (group != null) {
      bytes -= group.bytes();
      times[(int) (closed++ % REMEMBERED_TIMES)] = System.nanoTime() - group.sinceNanos();
    }
  }

  /** Stops counting groups that have not closed within their time. */
  synchronized void expire() {
    long now = System.nanoTime();
    open.values()
        .removeIf(
            group -> {
              boolean expired = now - group.untilNanos() >= 0;
              bytes -= expired ? group.bytes() : 0;
              return expired;
            });
  }

  /** Open groups of this gateway. */
  synchronized int count() {
    return open.size();
  }

  /** Bytes of the open groups of this gateway. */
  synchronized long bytes() {
    return bytes;
  }

  /** Median time of the last groups from submission to outcome, between one and 30 seconds. */
  synchronized Duration typicalTime() {
    int known = (int) Math.min(closed, REMEMBERED_TIMES);
    if (known == 0) {
      return FIRST_GUESS;
    }
    long[] sorted = Arrays.copyOf(times, known);
    Arrays.sort(sorted);
    Duration median = Duration.ofNanos(sorted[known / 2]);
    if (median.compareTo(FIRST_GUESS) < 0) {
      return FIRST_GUESS;
    }
    return median.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : median;
  }

  private void refuse(String message) {
    throw new RefusedException(new Refusal.Overloaded(message, typicalTime()));
  }
}
