package io.urteil.gateway;

import io.urteil.gateway.tenant.TenantKeysFile;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * @param maxOpenGroups groups that this gateway has open at a time
 * @param maxOpenBytes bytes of their rollouts
 * @param outcomeBytes bytes of outcomes that are held for repeated requests; older ones are read
 *     from the log
 * @param memory time after its last use after which a group is forgotten
 * @param takeOverAfter time after which another gateway continues for one that has claimed members
 *     and not published them
 * @param hold how long a request of the native API is held open without a preference
 * @param longestHold the longest time that it can ask for
 * @param maxBodyBytes the largest body of a request
 * @param keys the keys of the tenants; null for a gateway that serves this machine only
 */
public record GatewaySettings(
    int maxOpenGroups,
    long maxOpenBytes,
    long outcomeBytes,
    Duration memory,
    Duration takeOverAfter,
    Duration hold,
    Duration longestHold,
    long maxBodyBytes,
    @Nullable TenantKeysFile keys) {

  private static final Duration LEAST_MEMORY = Duration.ofHours(1);

  public GatewaySettings {
    // A request without an id has one that is the same for an hour.
    if (memory.compareTo(LEAST_MEMORY) < 0) {
      throw new IllegalArgumentException(
          "urteil.gateway.requests.memory: %d s (expected: at least 1h)"
              .formatted(memory.toSeconds()));
    }
    if (hold.compareTo(longestHold) > 0) {
      throw new IllegalArgumentException(
          "urteil.gateway.hold.time: %d ms (expected: at most %d, urteil.gateway.hold.longest)"
              .formatted(hold.toMillis(), longestHold.toMillis()));
    }
  }

  /** Default settings. */
  public static GatewaySettings defaults() {
    return new GatewaySettings(
        10_000,
        256L << 20,
        64L << 20,
        Duration.ofHours(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        64L << 20,
        null);
  }

  /** With these keys. */
  public GatewaySettings withKeys(TenantKeysFile file) {
    return new GatewaySettings(
        maxOpenGroups,
        maxOpenBytes,
        outcomeBytes,
        memory,
        takeOverAfter,
        hold,
        longestHold,
        maxBodyBytes,
        file);
  }

  /** With other limits of open groups. */
  public GatewaySettings withLimits(int groups, long bytes) {
    return new GatewaySettings(
        groups, bytes, outcomeBytes, memory, takeOverAfter, hold, longestHold, maxBodyBytes, keys);
  }
}
