package io.urteil.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OpenGroupsTest {

  private static final Duration LONG = Duration.ofHours(1);

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

  private static GroupName name(int id) {
    return new GroupName("run", "group-" + id);
  }

  private static OpenGroups.Addition group(int id, long bytes) {
    return new OpenGroups.Addition(name(id), bytes, LONG);
  }
}
