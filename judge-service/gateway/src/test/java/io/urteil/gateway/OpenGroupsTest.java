package io.urteil.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.gateway.tenant.Tenant;
import io.urteil.gateway.tenant.TenantRates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OpenGroupsTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Tenant FLOOD = tenant("flood");
  private static final Tenant CALM = tenant("calm");

  private static Tenant tenant(String name) {
    return new Tenant(name, List.of("*"), 1, TenantRates.UNLIMITED);
  }

  @Test
  void shouldAdmitAllOrNone() {
    // Given
    OpenGroups open = new OpenGroups(2, 1_000);

    // When
    assertThatThrownBy(() -> open.admit(List.of(group(0, 1), group(1, 1), group(2, 1))))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("0 groups are open, and 3 more (expected: at most 2)");

    // Then
    assertThat(open.count()).isZero();
    assertThat(open.bytes()).isZero();
  }

  @Test
  void shouldAdmitMoreMembersOfAnOpenGroupWhenNoOtherGroupFits() {
    // Given
    OpenGroups open = new OpenGroups(1, 1_000);
    open.admit(List.of(group(0, 10)));

    // When
    open.admit(List.of(group(0, 20)));

    // Then
    assertThat(open.bytes()).isEqualTo(30);
  }

  @Test
  void shouldAdmitAGroupLargerThanTheLimitByItself() {
    // Given
    OpenGroups open = new OpenGroups(10, 100);

    // When
    open.admit(List.of(group(0, 500)));

    // Then
    assertThatThrownBy(() -> open.admit(List.of(group(1, 1))))
        .hasMessageContaining("500 bytes of open groups, and 1 more (expected: at most 100)");
  }

  @Test
  void shouldForgetGroupsWhoseTimeIsOver() {
    // Given
    OpenGroups open = new OpenGroups(1, 1_000);
    open.admit(List.of(new OpenGroups.Addition(name(0), 10, Duration.ZERO)));

    // When
    open.expire();

    // Then
    assertThat(open.count()).isZero();
    open.admit(List.of(group(1, 10)));
  }

  /** Whatever is admitted and closed, the counts are those of the groups that are open. */
  @Property(tries = 200)
  void shouldCountWhatIsOpen(
      @ForAll @Size(max = 60) List<@IntRange(min = -5, max = 5) Integer> steps) {
    // Given
    OpenGroups open = new OpenGroups(3, 1_000_000);
    List<Integer> expected = new ArrayList<>();

    // When
    for (int step : steps) {
      int id = Math.abs(step);
      if (step < 0) {
        open.close(name(id));
        expected.remove((Integer) id);
      } else if (!expected.contains(id)) {
        if (expected.size() < 3) {
          open.admit(List.of(group(id, 7)));
          expected.add(id);
        } else {
          assertThatThrownBy(() -> open.admit(List.of(group(id, 7))))
              .isInstanceOf(RefusedException.class);
        }
      }
    }

    // Then
    assertThat(open.count()).isEqualTo(expected.size());
    assertThat(open.bytes()).isEqualTo(7L * expected.size());
  }

  /** Counts, not clocks: one tenant asks for ten times what it may have, before the other asks. */
  @Test
  void shouldNotRefuseATenantWithinItsShareWhileAnotherFloodsTheGateway() {
    // Given
    OpenGroups open = new OpenGroups(1_000, 1_000_000, () -> Map.of("flood", 1, "calm", 1));
    int next = 0;
    int[] refused = {0, 0};
    int mostOfTheFlood = 0;
    List<Integer> floods = new ArrayList<>();
    List<Integer> calms = new ArrayList<>();

    // When
    for (int round = 0; round < 400; round++) {
      for (int i = 0; i < 50; i++) {
        refused[0] += admitted(open, FLOOD, next, 900, floods) ? 0 : 1;
        next++;
      }
      for (int i = 0; i < 5; i++) {
        refused[1] += admitted(open, CALM, next, 900, calms) ? 0 : 1;
        next++;
      }
      mostOfTheFlood = Math.max(mostOfTheFlood, floods.size());
      // Both close after the same number of rounds, as fast as the judges work for both.
      closeOldest(open, floods, 10);
      if (round >= 60) {
        closeOldest(open, calms, 5);
      }
    }

    // Then
    assertThat(refused[0]).isGreaterThan(10_000);
    assertThat(refused[1]).isZero();
    assertThat(mostOfTheFlood).isBetween(600, 650);
    assertThat(calms).hasSize(300);
  }

  @Test
  void shouldRefuseByRateBeforeItCounts() {
    // Given
    OpenGroups open = new OpenGroups(10, 1_000);

    // When
    assertThatThrownBy(
            () ->
                open.admit(
                    CALM,
                    List.of(group(0, 10)),
                    () -> {
                      throw new RefusedException(new Refusal.Overloaded("rate", LONG));
                    }))
        .hasMessage("rate");

    // Then
    assertThat(open.count()).isZero();
    assertThat(open.bytes()).isZero();
  }

  private static boolean admitted(
      OpenGroups open, Tenant tenant, int id, long bytes, List<Integer> ids) {
    try {
      open.admit(tenant, List.of(group(id, bytes)), () -> {});
      ids.add(id);
      return true;
    } catch (RefusedException e) {
      assertThat(e).hasMessageContaining("tenant '%s': ".formatted(tenant.name()));
      return false;
    }
  }

  private static void closeOldest(OpenGroups open, List<Integer> ids, int count) {
    for (int i = 0; i < count && !ids.isEmpty(); i++) {
      open.close(name(ids.removeFirst()));
    }
  }

  private static GroupName name(int id) {
    return new GroupName("run", "group-" + id);
  }

  private static OpenGroups.Addition group(int id, long bytes) {
    return new OpenGroups.Addition(name(id), bytes, LONG);
  }
}
