package io.urteil.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.CacheShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CacheBudgetTest {

  /** Four positions a page, 16 pages a slot. */
  private static final CacheShape SHAPE = new CacheShape(2, 1, 64, 1024, 4096);

  private static final long PAGES = 2 * 4096;

  private final int[] held = new int[8];
  private final List<String> released = new ArrayList<>();

  private CacheBudget budget(long pages) {
    return new CacheBudget(
        SHAPE,
        8,
        pages * PAGES,
        slot -> held[slot],
        (slot, kept) -> released.add(slot + ":" + kept));
  }

  @Test
  void shouldAdmitByNeedAndNotByTheLengthOfASlot() {
    // Given
    CacheBudget budget = budget(32);

    // Then
    assertThat(budget.fitting(64, 8, 0)).isEqualTo(2);
    assertThat(budget.fitting(16, 8, 0)).isEqualTo(8);
    assertThat(budget.fitting(17, 8, 0)).isEqualTo(6);
    assertThat(budget.fitting(16, 8, 30 * PAGES)).isZero();
  }

  @Test
  void shouldKeepPrefixesUntilTheirMemoryIsNeededAndDropTheOldestFirst() {
    // Given
    CacheBudget budget = budget(32);
    for (int slot = 0; slot < 3; slot++) {
      budget.reserve(slot, 40);
      budget.free(slot, 40);
      held[slot] = 32;
    }
    assertThat(budget.usedBytes()).isEqualTo(30 * PAGES);
    assertThat(released).isEmpty();

    // When
    budget.reserve(3, 8);
    List<String> tails = List.copyOf(released);
    budget.reserve(4, 48);

    // Then
    assertThat(tails).as("beyond the prefixes").isEmpty();
    assertThat(released).containsExactly("0:32", "1:32", "2:32", "0:0");
    assertThat(budget.usedBytes()).isEqualTo(30 * PAGES);
  }

  @Test
  void shouldMoveWithoutASecondCopyWhereThereIsNoRoomForOne() {
    // Given
    CacheBudget tight = budget(17);
    tight.reserve(0, 4);
    tight.reserve(1, 64);
    tight.free(0, 4);
    CacheBudget wide = budget(32);
    wide.reserve(0, 4);
    wide.reserve(1, 64);
    wide.free(0, 4);

    // When
    boolean copied = tight.move(1, 0, 60);
    boolean copiedInRoom = wide.move(1, 0, 60);

    // Then
    assertThat(copied).isFalse();
    assertThat(tight.usedBytes()).isEqualTo(16 * PAGES);
    assertThat(copiedInRoom).isTrue();
    assertThat(wide.usedBytes()).isEqualTo(31 * PAGES);
  }

  @Test
  void shouldNeverReleaseWhereAllSlotsFit() {
    // Given
    CacheBudget budget = budget(8 * 16);

    // When
    for (int slot = 0; slot < 8; slot++) {
      budget.reserve(slot, 64);
      budget.free(slot, 64);
      budget.reserve(slot, 64);
    }

    // Then
    assertThat(released).isEmpty();
  }

  @Test
  void shouldRejectABudgetBelowOneSlot() {
    assertThatThrownBy(() -> budget(15))
        .hasMessage("cache: 122880 bytes (expected: >= 131072, one slot of 64 positions)");
  }

  /**
   * Random sequences in the order of a queue: the head starts as soon as it fits, and no later one
   * before it. All of them run, running ones keep their memory, and the budget is never exceeded.
   */
  @Property(tries = 500)
  void shouldRunEverythingInOrderWithinTheBudget(
      @ForAll long seed, @ForAll @IntRange(min = 16, max = 90) int pages) {
    // Given
    SplittableRandom random = new SplittableRandom(seed);
    int[] content = new int[8];
    int[] running = new int[8];
    CacheBudget budget =
        new CacheBudget(
            SHAPE,
            8,
            pages * PAGES,
            slot -> content[slot],
            (slot, kept) -> {
              assertThat(kept).as("of a running sequence").isGreaterThanOrEqualTo(running[slot]);
              content[slot] = Math.min(content[slot], kept);
            });
    int[] queue = random.ints(60, 1, 65).toArray();
    int next = 0;
    int live = 0;

    // When
    for (int turn = 0; next < queue.length || live > 0; turn++) {
      assertThat(turn).as("turns").isLessThan(1000);
      while (next < queue.length && live < 8 && budget.fitting(queue[next], 1, 0) > 0) {
        running[live] = queue[next++];
        content[live] = 0;
        budget.reserve(live, running[live]);
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(pages * PAGES);
        live++;
      }
      assertThat(live).as("the head runs alone at least").isPositive();
      int row = random.nextInt(live);
      int last = --live;
      int written = random.nextInt(1, running[row] + 1);
      budget.free(row, written);
      content[row] = random.nextInt(written + 1);
      running[row] = 0;
      if (row != last) {
        int moved = running[last];
        running[row] = moved;
        running[last] = 0;
        content[row] = 0;
        if (!budget.move(last, row, random.nextInt(1, moved + 1))) {
          content[last] = 0;
        }
      }

      // Then
      assertThat(budget.usedBytes()).isLessThanOrEqualTo(pages * PAGES);
      assertThat(budget.reservedBytes())
          .isEqualTo(Arrays.stream(running).mapToLong(SHAPE::bytes).sum());
    }
  }
}
