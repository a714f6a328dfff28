package io.urteil.gateway;

import java.time.Duration;

/**
 * @param maxOpenGroups groups that this gateway has open at a time
 * @param maxOpenBytes bytes of their rollouts
 * @param outcomeBytes bytes of outcomes that are held for repeated requests; older ones are read
 *     from the log
 * @param memory time after its last use after which a group is forgotten
 * @param takeOverAfter time after which another gateway continues for one that has claimed members
 *     and not published them
 */
public record GatewaySettings(
    int maxOpenGroups,
    long maxOpenBytes,
    long outcomeBytes,
    Duration memory,
    Duration takeOverAfter) {

  /** Default settings. */
  public static GatewaySettings defaults() {
    return new GatewaySettings(
        10_000, 256L << 20, 64L << 20, Duration.ofHours(1), Duration.ofSeconds(5));
  }

  /** With other limits of open groups. */
  public GatewaySettings withLimits(int groups, long bytes) {
    return new GatewaySettings(groups, bytes, outcomeBytes, memory, takeOverAfter);
  }
}
