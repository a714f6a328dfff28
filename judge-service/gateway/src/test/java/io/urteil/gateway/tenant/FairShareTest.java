package io.urteil.gateway.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FairShareTest {

  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  /**
   * @param amount more, or less if it is negative
   */
  record Step(String tenant, long amount) {}

  @Provide
  Arbitrary<Map<String, Integer>> weights() {
    return Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.integers().between(1, 20))
        .ofMinSize(1);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(Arbitraries.of(NAMES), Arbitraries.longs().between(-400, 400))
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  /** Of all uses that a sequence of requests and ends leads to. */
  @Property(tries = 300)
  void shouldKeepItsPromisesWhateverTheTenantsDo(
      @ForAll @LongRange(min = 1, max = 2_000) long capacity,
      @ForAll("weights") Map<String, Integer> weights,
      @ForAll("steps") List<Step> steps) {
    FairShare share = new FairShare(capacity);
    Map<String, Long> used = new HashMap<>();
    for (Step step : steps) {
      if (!weights.containsKey(step.tenant())) {
        continue;
      }
      long before = used.getOrDefault(step.tenant(), 0L);
      if (step.amount() < 0) {
        used.put(step.tenant(), Math.max(0, before + step.amount()));
      } else {
        boolean admitted = share.admits(step.tenant(), step.amount(), used, weights);
        long after = before + step.amount();
        assertThat(admitted || after > share.own(step.tenant(), weights))
            .as("within its own part")
            .isTrue();
        if (admitted && before >= share.share(step.tenant(), weights)) {
          aTenantBelowItsShareHasAtLeastTheSameRoom(share, step, used, weights);
        }
        if (admitted) {
          used.put(step.tenant(), after);
        }
      }
      assertThat(used.values().stream().mapToLong(Long::longValue).sum())
          .isLessThanOrEqualTo(capacity);
    }
  }

  private static void aTenantBelowItsShareHasAtLeastTheSameRoom(
      FairShare share, Step step, Map<String, Long> used, Map<String, Integer> weights) {
    weights.keySet().stream()
        .filter(
            other -> used.getOrDefault(other, 0L) + step.amount() <= share.share(other, weights))
        .forEach(
            other ->
                assertThat(share.admits(other, step.amount(), used, weights)).as(other).isTrue());
  }

  /** However much one tenant asks for, another then gets its own part and the last tenth. */
  @Property(tries = 300)
  void shouldKeepRoomForTheOthersWhenOneTakesAllItGets(
      @ForAll @LongRange(min = 20, max = 5_000) long capacity,
      @ForAll("weights") Map<String, Integer> weights) {
    // Given
    FairShare share = new FairShare(capacity);
    Map<String, Long> used = new HashMap<>();
    String greedy = weights.keySet().iterator().next();

    // When
    fill(share, greedy, Long.MAX_VALUE, used, weights);

    // Then
    for (String other : weights.keySet()) {
      if (!other.equals(greedy)) {
        long most = share.share(other, weights);
        Map<String, Long> then = new HashMap<>(used);
        fill(share, other, most, then, weights);
        assertThat(then.getOrDefault(other, 0L))
            .isGreaterThanOrEqualTo(Math.min(most, share.own(other, weights) + capacity / 10 - 1));
      }
    }
  }

  private static void fill(
      FairShare share,
      String tenant,
      long most,
      Map<String, Long> used,
      Map<String, Integer> weights) {
    while (used.getOrDefault(tenant, 0L) < most && share.admits(tenant, 1, used, weights)) {
      used.merge(tenant, 1L, Long::sum);
    }
  }

  @Test
  void shouldGiveEverythingToTheOnlyTenant() {
    FairShare share = new FairShare(100);
    assertThat(share.admits("", 100, Map.of(), Map.of("", 1))).isTrue();
    assertThat(share.admits("", 1, Map.of("", 100L), Map.of("", 1))).isFalse();
  }

  @Test
  void shouldRefuseTheTenantAboveItsShareFirst() {
    // Given
    FairShare share = new FairShare(100);
    Map<String, Integer> weights = Map.of("a", 1, "b", 1);

    // Then
    assertThat(share.admits("a", 1, Map.of("a", 64L), weights)).isTrue();
    assertThat(share.admits("a", 1, Map.of("a", 65L), weights)).isFalse();
    assertThat(share.admits("b", 35, Map.of("a", 65L), weights)).isTrue();
    assertThat(share.admits("b", 36, Map.of("a", 65L), weights)).isFalse();
    assertThat(share.admits("b", 1, Map.of("b", 49L, "a", 50L), weights)).isTrue();
  }

  @Test
  void shouldNeverExceedTheCapacityWhenSharesChange() {
    FairShare share = new FairShare(100);
    assertThat(share.admits("b", 1, Map.of("a", 100L), Map.of("a", 1, "b", 1))).isFalse();
    assertThat(share.admits("b", 1, Map.of("removed", 99L), Map.of("a", 1, "b", 1))).isTrue();
  }
}
