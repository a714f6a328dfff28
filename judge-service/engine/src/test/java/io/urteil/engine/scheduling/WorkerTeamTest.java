package io.urteil.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTeamTest {

  private WorkerTeam crew = new WorkerTeam(3);

  @AfterEach
  void closeCrew() {
    crew.close();
  }

  @Test
  void shouldDoEveryPieceOnceAndShowWhatItWrote() {
    for (int round = 0; round < 2_000; round++) {
      // Given
      int[] done = new int[round % 40];

      // When
      crew.share(done.length, (member, piece) -> done[piece]++);

      // Then
      assertThat(done).containsOnly(expected(done.length));
    }
  }

  @Test
  void shouldLetAMemberDoOnePieceAtATime() {
    // Given
    AtomicIntegerArray busy = new AtomicIntegerArray(crew.members());
    Set<Integer> overlaps = ConcurrentHashMap.newKeySet();

    // When
    for (int round = 0; round < 500; round++) {
      crew.share(
          16,
          (member, piece) -> {
            if (busy.incrementAndGet(member) != 1) {
              overlaps.add(member);
            }
            busy.decrementAndGet(member);
          });
    }

    // Then
    assertThat(overlaps).isEmpty();
  }

  @Test
  void shouldWorkWithSeveralThreadsAtTheSameTime() {
    // Given: a piece that waits until all members are at one
    CountDownLatch all = new CountDownLatch(crew.members());
    Set<Integer> members = ConcurrentHashMap.newKeySet();

    // When
    crew.share(
        crew.members(),
        (member, piece) -> {
          members.add(member);
          all.countDown();
          await(all);
        });

    // Then
    assertThat(members).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void shouldThrowWhatAPieceThrewWhenTheOthersAreDone() {
    // Given
    boolean[] done = new boolean[20];

    // When / Then
    assertThatThrownBy(
            () ->
                crew.share(
                    done.length,
                    (member, piece) -> {
                      if (piece == 7) {
                        throw new AssertionError("piece 7");
                      }
                      done[piece] = true;
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("piece 7");
    done[7] = true;
    assertThat(done).containsOnly(true);
    crew.share(1, (member, piece) -> done[0] = false);
    assertThat(done[0]).isFalse();
  }

  @Test
  void shouldHaveNoThreadsWithoutHelpersNorWhenClosed() {
    // Given
    WorkerTeam alone = new WorkerTeam(0);
    Thread[] who = new Thread[8];
    crew.share(8, (member, piece) -> {});

    // When
    alone.share(8, (member, piece) -> who[piece] = Thread.currentThread());
    crew.close();

    // Then
    assertThat(Arrays.asList(who)).containsOnly(Thread.currentThread());
    assertThat(helpers()).isZero();
  }

  private static Integer[] expected(int length) {
    return length == 0 ? new Integer[0] : new Integer[] {1};
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Live helpers of any crew in this process. */
  static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("urteil-engine-helper-"))
        .count();
  }
}
