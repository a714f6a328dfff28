package io.urteil.gateway.tenant;

/**
 * Limits of the requests of a tenant, each 0 for no limit.
 *
 * @param requestsPerSecond HTTP requests
 * @param membersPerSecond members that are published to be judged; repetitions are free
 * @param bytesPerSecond bytes of their rollouts
 * @param burstSeconds time whose allowance may be used at once
 */
public record TenantRates(
    long requestsPerSecond, long membersPerSecond, long bytesPerSecond, int burstSeconds) {

  /** The default of {@code burstSeconds}. */
  public static final int BURST_SECONDS = 10;

  /** No limits. */
  public static final TenantRates UNLIMITED = new TenantRates(0, 0, 0, BURST_SECONDS);
}
