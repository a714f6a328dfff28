package io.urteil.gateway.tenant;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The token buckets of all tenants. Thread-safe. */
public final class TenantBuckets {

  /** Whether a request is within the rates of its tenant. */
  public sealed interface Decision {}

  /** It is, and its tokens are taken. */
  public record Granted() implements Decision {}

  /**
   * Not yet; nothing was taken.
   *
   * @param limit the rate in words
   * @param after time after which it is, if the tenant sends nothing else
   */
  public record Wait(String limit, Duration after) implements Decision {}

  /**
   * It is larger than the tenant may send at once, and will never be; nothing was taken.
   *
   * @param limit the burst in words
   */
  public record NeverFits(String limit) implements Decision {}

  private record Buckets(
      TenantRates rates,
      @Nullable TokenBucket requests,
      @Nullable TokenBucket members,
      @Nullable TokenBucket bytes) {}

  private record Demand(@Nullable TokenBucket bucket, long tokens, String of) {}

  private final Map<String, Buckets> tenants = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /**
   * @param nanos monotonic clock
   */
  public TenantBuckets(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Takes one HTTP request. */
  public Decision request(Tenant tenant) {
    Buckets buckets = of(tenant);
    return take(buckets, List.of(new Demand(buckets.requests(), 1, "requests")));
  }

  /** Takes members that are to be published, and the bytes of their rollouts. */
  public Decision members(Tenant tenant, long members, long bytes) {
    Buckets buckets = of(tenant);
    return take(
        buckets,
        List.of(
            new Demand(buckets.members(), members, "members"),
            new Demand(buckets.bytes(), bytes, "bytes")));
  }

  /** The buckets of a tenant; new ones if its rates have changed. */
  private Buckets of(Tenant tenant) {
    return tenants.compute(
        tenant.name(),
        (name, before) ->
            before != null && before.rates().equals(tenant.rates())
                ? before
                : buckets(tenant.rates()));
  }

  private Buckets buckets(TenantRates rates) {
    return new Buckets(
        rates,
        bucket(rates.requestsPerSecond(), rates),
        bucket(rates.membersPerSecond(), rates),
        bucket(rates.bytesPerSecond(), rates));
  }

  private @Nullable TokenBucket bucket(long perSecond, TenantRates rates) {
    return perSecond == 0 ? null : new TokenBucket(perSecond, rates.burstSeconds(), nanos);
  }

  /** Takes all or nothing. */
  private static Decision take(Buckets buckets, List<Demand> demands) {
    synchronized (buckets) {
      List<Wait> waits = new ArrayList<>();
      for (Demand demand : demands) {
        TokenBucket bucket = demand.bucket();
        if (bucket == null) {
          continue;
        }
        if (demand.tokens() > bucket.burst()) {
          return new NeverFits(
              "%d %s at once (expected: at most %d, %d s at the rate of the tenant)"
                  .formatted(
                      demand.tokens(),
                      demand.of(),
                      bucket.burst(),
                      buckets.rates().burstSeconds()));
        }
        Duration wait = bucket.waitFor(demand.tokens());
        if (wait.isPositive()) {
          waits.add(
              new Wait(
                  "%d %s (expected: at most %d now, by the rate of the tenant)"
                      .formatted(demand.tokens(), demand.of(), bucket.available()),
                  wait));
        }
      }
      if (!waits.isEmpty()) {
        return waits.stream()
            .reduce((one, other) -> one.after().compareTo(other.after()) < 0 ? other : one)
            .orElseThrow();
      }
      for (Demand demand : demands) {
        if (demand.bucket() != null) {
          demand.bucket().take(demand.tokens());
        }
      }
      return new Granted();
    }
  }
}
