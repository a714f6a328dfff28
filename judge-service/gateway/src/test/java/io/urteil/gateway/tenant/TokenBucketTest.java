package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long SECOND = 1_000_000_000L;

  /**
   * @param nanos that pass before
   * @param part of the burst that is asked for, in thousandths
   */
  record Step(long nanos, int part) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> pauses =
        Arbitraries.oneOf(
            Arbitraries.just(0L),
            Arbitraries.longs().between(0, 1_000),
            Arbitraries.longs().between(0, SECOND),
            Arbitraries.longs().between(0, 3_600 * SECOND));
    return Combinators.combine(pauses, Arbitraries.integers().between(0, 1_000))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 300)
  void shouldNeverGiveMoreThanTheRateAndTheBurst(
      @ForAll @LongRange(min = 1, max = TokenBucket.MAX_PER_SECOND) long perSecond,
      @ForAll @IntRange(min = 1, max = 3_600) int burstSeconds,
      @ForAll long start,
      @ForAll("steps") List<Step> steps) {
    // Given
    AtomicLong clock = new AtomicLong(start);
    TokenBucket bucket = new TokenBucket(perSecond, burstSeconds, clock::get);
    long[] times = new long[steps.size()];
    long[] taken = new long[steps.size()];

    // When
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      times[i] = clock.addAndGet(step.nanos());
      long asked = Math.min(bucket.burst(), bucket.burst() / 1_000 * step.part() + step.part());
      Duration wait = bucket.waitFor(asked);
      boolean given = bucket.take(asked);
      taken[i] = given ? asked : 0;

      // Then
      assertThat(given).isEqualTo(wait.isZero());
      assertThat(bucket.available()).isBetween(0L, bucket.burst());
    }
    for (int from = 0; from < times.length; from++) {
      double sum = 0;
      for (int to = from; to < times.length; to++) {
        sum += taken[to];
        double most = (double) perSecond * (times[to] - times[from]) / SECOND + bucket.burst();
        assertThat(sum).isLessThanOrEqualTo(most * (1 + 1e-12));
      }
    }
  }

  @Property(tries = 300)
  void shouldHaveTheTokensAfterTheTimeToWaitAndNotBefore(
      @ForAll @LongRange(min = 1, max = TokenBucket.MAX_PER_SECOND) long perSecond,
      @ForAll @IntRange(min = 1, max = 60) int burstSeconds,
      @ForAll @IntRange(min = 0, max = 1_000) int first,
      @ForAll @IntRange(min = 0, max = 1_000) int second) {
    // Given
    AtomicLong clock = new AtomicLong(-5);
    TokenBucket bucket = new TokenBucket(perSecond, burstSeconds, clock::get);
    assertThat(bucket.take((long) ((double) bucket.burst() * first / 1_000))).isTrue();
    long asked = (long) ((double) bucket.burst() * second / 1_000);
    long wait = bucket.waitFor(asked).toNanos();

    // Then
    if (wait > 0) {
      clock.addAndGet(wait - 1);
      assertThat(bucket.take(asked)).isFalse();
      clock.incrementAndGet();
    }
    assertThat(bucket.take(asked)).isTrue();
  }

  @Test
  void shouldBeFullAtFirstAndAgainAfterTheBurstTime() {
    // Given
    AtomicLong clock = new AtomicLong();
    TokenBucket bucket = new TokenBucket(5, 2, clock::get);

    // When
    assertThat(bucket.take(10)).isTrue();
    assertThat(bucket.take(1)).isFalse();
    assertThat(bucket.waitFor(1)).isEqualTo(Duration.ofMillis(200));
    clock.addAndGet(100 * SECOND);

    // Then
    assertThat(bucket.available()).isEqualTo(10);
    assertThat(bucket.take(10)).isTrue();
    assertThat(bucket.take(1)).isFalse();
  }

  @Test
  void shouldRejectWhatItNeverHas() {
    TokenBucket bucket = new TokenBucket(5, 2, () -> 0);
    assertThatThrownBy(() -> bucket.take(11)).hasMessageContaining("11 tokens (expected: 0 to 10)");
    assertThatThrownBy(() -> bucket.take(-1)).hasMessageContaining("-1 tokens");
    assertThatThrownBy(() -> new TokenBucket(0, 2, () -> 0)).hasMessageContaining("0 tokens");
  }
}
