package io.urteil.gateway.tenant;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket: in any time T at most {@code perSecond * T + burst} tokens are taken. It is full
 * at first. Thread-safe.
 *
 * <p>Its state is the time at which it will be full again, so that nothing has to refill it (the
 * generic cell rate algorithm, ITU-T I.371). A token costs 1/perSecond seconds, rounded up to
 * nanoseconds.
 */
final class TokenBucket {

  /** The largest rate, at which a cost in nanoseconds is exact. */
  static final long MAX_PER_SECOND = 1L << 32;

  private static final long SECOND = 1_000_000_000L;

  private final long perSecond;
  private final long burst;
  private final long burstNanos;
  private final LongSupplier nanos;
  private long fullAt;

  /**
   * @param perSecond from 1 to {@link #MAX_PER_SECOND}
   * @param burstSeconds time in which an empty bucket becomes full, from 1 to 3,600
   * @param nanos monotonic clock
   */
  TokenBucket(long perSecond, int burstSeconds, LongSupplier nanos) {
    if (perSecond < 1 || perSecond > MAX_PER_SECOND || burstSeconds < 1 || burstSeconds > 3_600) {
      throw new IllegalArgumentException(
          "%d tokens in a second, burst of %d s (expected: 1 to %d tokens, 1 to 3600 s)"
              .formatted(perSecond, burstSeconds, MAX_PER_SECOND));
    }
    this.perSecond = perSecond;
    this.burst = perSecond * burstSeconds;
    this.burstNanos = burstSeconds * SECOND;
    this.nanos = nanos;
    this.fullAt = nanos.getAsLong();
  }

  /** The most tokens that can be taken at once. */
  long burst() {
    return burst;
  }

  /** Tokens that can be taken now. */
  synchronized long available() {
    long left = burstNanos - debt(nanos.getAsLong());
    return left / SECOND * perSecond + left % SECOND * perSecond / SECOND;
  }

  /**
   * The time after which this number of tokens can be taken, if no others are; zero if they can be
   * taken now.
   *
   * @param tokens at most {@link #burst()}
   */
  synchronized Duration waitFor(long tokens) {
    long wait = debt(nanos.getAsLong()) + cost(tokens) - burstNanos;
    return Duration.ofNanos(Math.max(0, wait));
  }

  /**
   * Takes tokens if they are available.
   *
   * @return whether they were taken
   */
  synchronized boolean take(long tokens) {
    long now = nanos.getAsLong();
    long debt = debt(now) + cost(tokens);
    if (debt > burstNanos) {
      return false;
    }
    fullAt = now + debt;
    return true;
  }

  /** Time until the bucket is full. */
  private long debt(long now) {
    return Math.clamp(fullAt - now, 0, burstNanos);
  }

  private long cost(long tokens) {
    if (tokens < 0 || tokens > burst) {
      throw new IllegalArgumentException("%d tokens (expected: 0 to %d)".formatted(tokens, burst));
    }
    return tokens / perSecond * SECOND + Math.ceilDiv(tokens % perSecond * SECOND, perSecond);
  }
}
