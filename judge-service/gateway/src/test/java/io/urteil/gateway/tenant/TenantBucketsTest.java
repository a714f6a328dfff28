package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.gateway.tenant.TenantBuckets.Granted;
import io.urteil.gateway.tenant.TenantBuckets.NeverFits;
import io.urteil.gateway.tenant.TenantBuckets.Wait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TenantBucketsTest {

  private final AtomicLong clock = new AtomicLong();
  private final TenantBuckets buckets = new TenantBuckets(clock::get);

  private static Tenant tenant(String name, long requests, long members, long bytes) {
    return new Tenant(name, List.of("*"), 1, new TenantRates(requests, members, bytes, 10));
  }

  @Test
  void shouldLimitEachTenantByItself() {
    // Given
    Tenant one = tenant("one", 1, 0, 0);
    Tenant other = tenant("other", 1, 0, 0);

    // When
    for (int i = 0; i < 10; i++) {
      assertThat(buckets.request(one)).isEqualTo(new Granted());
    }

    // Then
    assertThat(buckets.request(one))
        .isEqualTo(
            new Wait(
                "1 requests (expected: at most 0 now, by the rate of the tenant)",
                Duration.ofSeconds(1)));
    assertThat(buckets.request(other)).isEqualTo(new Granted());
    assertThat(buckets.request(Tenant.LOCAL)).isEqualTo(new Granted());
  }

  @Test
  void shouldTakeMembersAndBytesTogetherOrNeither() {
    // Given
    Tenant tenant = tenant("one", 0, 10, 100);
    assertThat(buckets.members(tenant, 1, 900)).isEqualTo(new Granted());

    // When
    assertThat(buckets.members(tenant, 99, 101))
        .isInstanceOfSatisfying(
            Wait.class, wait -> assertThat(wait.after()).isEqualTo(Duration.ofMillis(10)));

    // Then
    assertThat(buckets.members(tenant, 99, 100)).isEqualTo(new Granted());
  }

  @Test
  void shouldNameTheBurstOfARequestThatNeverFits() {
    assertThat(buckets.members(tenant("one", 0, 2, 0), 21, 5))
        .isEqualTo(
            new NeverFits(
                "21 members at once (expected: at most 20, 10 s at the rate of the tenant)"));
  }

  @Test
  void shouldBeginAnewWithOtherRatesOnly() {
    // Given
    assertThat(buckets.members(tenant("one", 0, 2, 0), 20, 5)).isEqualTo(new Granted());

    // Then
    assertThat(buckets.members(tenant("one", 0, 2, 0), 1, 5)).isInstanceOf(Wait.class);
    assertThat(buckets.members(tenant("one", 0, 3, 0), 30, 5)).isEqualTo(new Granted());
  }
}
