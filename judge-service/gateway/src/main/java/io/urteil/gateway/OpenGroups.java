package io.urteil.gateway;

import io.urteil.gateway.tenant.FairShare;
import io.urteil.gateway.tenant.Tenant;
import io.urteil.gateway.tenant.Tenants;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what this gateway has published and the topology has not closed, and refuses more than the
 * limits. Tenants have {@linkplain FairShare shares} of both limits. Thread-safe.
 */
final class OpenGroups {

  private static final int REMEMBERED_TIMES = 101;
  private static final Duration FIRST_GUESS = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private record Open(String tenant, long bytes, long sinceNanos, long untilNanos) {}

  private final FairShare groupShares;
  private final FairShare byteShares;
  private final Tenants tenants;
  private final Map<String, Long> groupsOf = new HashMap<>();
  private final Map<String, Long> bytesOf = new HashMap<>();
  private final Map<GroupName, Open> open = new HashMap<>();
  private final long[] times = new long[REMEMBERED_TIMES];
  private long closed;
  private long bytes;

  /** For the only tenant of a gateway without keys. */
  OpenGroups(int maxGroups, long maxBytes) {
    this(maxGroups, maxBytes, Tenants.LOCAL);
  }

  OpenGroups(int maxGroups, long maxBytes, Tenants tenants) {
    this.groupShares = new FairShare(maxGroups);
    this.byteShares = new FairShare(maxBytes);
    this.tenants = tenants;
  }

  /**
   * A group, or more members of one.
   *
   * @param bytes of its rollouts
   * @param atMost time after which it no longer counts, closed or not
   */
  record Addition(GroupName name, long bytes, Duration atMost) {}

  /** Admits all of these for the only tenant, or none. */
  void admit(List<Addition> additions) {
    admit(Tenant.LOCAL, additions, () -> {});
  }

  /**
   * Admits all of these or none.
   *
   * @param rates called when there is room for them; may refuse them
   * @throws RefusedException if too much is open, with the time after which to retry
   */
  synchronized void admit(Tenant tenant, List<Addition> additions, Runnable rates) {
    String name = tenant.name();
    Map<String, Integer> weights = tenants.shares();
    long more = additions.stream().filter(each -> !open.containsKey(each.name())).count();
    if (more > 0 && !groupShares.admits(name, more, groupsOf, weights)) {
      refuse(tenant, "groups are open", groupsOf, more, groupShares, weights);
    }
    long size = additions.stream().mapToLong(Addition::bytes).sum();
    // One that is larger than the limit by itself is admitted when nothing else is open.
    if (size > 0 && bytes > 0 && !byteShares.admits(name, size, bytesOf, weights)) {
      refuse(tenant, "bytes of open groups", bytesOf, size, byteShares, weights);
    }
    rates.run();
    bytes += size;
    add(groupsOf, name, more);
    add(bytesOf, name, size);
    long now = System.nanoTime();
    for (Addition each : additions) {
      open.merge(
          each.name(),
          new Open(name, each.bytes(), now, now + each.atMost().toNanos()),
          (before, added) ->
              new Open(
                  name, before.bytes() + added.bytes(), before.sinceNanos(), added.untilNanos()));
    }
  }

  /** Stops counting what does not become a group under this name. */
  synchronized void release(GroupName name) {
    Open group = open.remove(name);
    if (group != null) {
      remove(group);
    }
  }

  /**
   * The group has closed.
   *
   * @return the time that it was open; empty if it is not open here
   */
  synchronized Optional<Duration> close(GroupName name) {
    Open group = open.remove(name);
    if (group == null) {
      return Optional.empty();
    }
    remove(group);
    long time = System.nanoTime() - group.sinceNanos();
    times[(int) (closed++ % REMEMBERED_TIMES)] = time;
    return Optional.of(Duration.ofNanos(time));
  }

  /** Stops counting groups that have not closed within their time. */
  synchronized void expire() {
    long now = System.nanoTime();
    open.values()
        .removeIf(
            group -> {
              boolean expired = now - group.untilNanos() >= 0;
              if (expired) {
                remove(group);
              }
              return expired;
            });
  }

  private void remove(Open group) {
    bytes -= group.bytes();
    add(groupsOf, group.tenant(), -1);
    add(bytesOf, group.tenant(), -group.bytes());
  }

  private static void add(Map<String, Long> used, String tenant, long more) {
    used.merge(tenant, more, (before, added) -> before + added == 0 ? null : before + added);
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

  private void refuse(
      Tenant tenant,
      String what,
      Map<String, Long> used,
      long more,
      FairShare shares,
      Map<String, Integer> weights) {
    long all = used.values().stream().mapToLong(Long::longValue).sum();
    String message =
        weights.size() <= 1
            ? "%d %s, and %d more (expected: at most %d)"
                .formatted(all, what, more, shares.capacity())
            : "tenant '%s': %d %s, and %d more (expected: at most %d, its share, while other tenants use theirs)"
                .formatted(
                    tenant.name(),
                    used.getOrDefault(tenant.name(), 0L),
                    what,
                    more,
                    shares.share(tenant.name(), weights));
    throw new RefusedException(new Refusal.Overloaded(message, typicalTime()));
  }
}
