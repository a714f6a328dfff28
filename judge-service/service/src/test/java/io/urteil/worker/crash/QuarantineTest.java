package io.urteil.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuarantineTest {

  private static final Duration DRAIN = Duration.ofMillis(400);
  private static final Duration PHASE = Duration.ofMillis(300);
  private static final Caution.Isolated ALONE = new Caution.Isolated(1, Duration.ofSeconds(20));

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Quarantine quarantine = new Quarantine(DRAIN, PHASE);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void shouldRunAnIsolatedCallWhenTheOthersHaveEndedAndTheOthersAfterIt() throws Exception {
    // Given
    Quarantine.Pass running = quarantine.enter();
    Future<Quarantine.Pass> isolated = threads.submit(() -> quarantine.enter(ALONE));
    Thread.sleep(100);
    Future<Quarantine.Pass> later = threads.submit(() -> quarantine.enter());
    Thread.sleep(100);
    boolean waited = !isolated.isDone() && !later.isDone();

    // When
    quarantine.leave(running, () -> {});
    boolean alone = quarantine.isAlone(isolated.get());
    boolean heldBack = !later.isDone();
    quarantine.leave(isolated.get(), () -> {});

    // Then
    assertThat(waited).isTrue();
    assertThat(alone).isTrue();
    assertThat(heldBack).isTrue();
    later.get();
  }

  @Test
  void shouldNotWaitForLongForACallThatDoesNotEnd() throws Exception {
    // Given
    Quarantine.Pass endless = quarantine.enter();

    // When
    Quarantine.Pass isolated = threads.submit(() -> quarantine.enter(ALONE)).get();

    // Then
    assertThat(quarantine.isAlone(isolated)).isFalse();
    quarantine.leave(isolated, () -> {});
    quarantine.leave(endless, () -> {});
  }

  @Test
  void shouldLetOthersRunBesideAnIsolatedCallThatTakesLong() throws Exception {
    // Given
    Quarantine.Pass slow = quarantine.enter(new Caution.Isolated(1, Duration.ofMillis(100)));
    AtomicBoolean joined = new AtomicBoolean();
    AtomicBoolean alone = new AtomicBoolean();
    quarantine.observe(slow, () -> alone.set(true), () -> joined.set(true));

    // When
    Quarantine.Pass other = threads.submit(() -> quarantine.enter()).get();

    // Then
    assertThat(alone).isTrue();
    assertThat(joined).isTrue();
    assertThat(quarantine.isAlone(slow)).isFalse();
    quarantine.leave(other, () -> {});
    quarantine.leave(slow, () -> {});
  }

  @Test
  void shouldLeaveOthersTheirTimeWhenIsolatedCallsAreMany() throws Exception {
    // Given
    AtomicInteger others = new AtomicInteger();
    AtomicInteger isolated = new AtomicInteger();
    AtomicBoolean running = new AtomicBoolean(true);
    for (int i = 0; i < 20; i++) {
      threads.submit(
          () -> {
            while (running.get()) {
              Quarantine.Pass pass = quarantine.enter(ALONE);
              Thread.sleep(20);
              isolated.incrementAndGet();
              quarantine.leave(pass, () -> {});
            }
            return null;
          });
      threads.submit(
          () -> {
            while (running.get()) {
              Quarantine.Pass pass = quarantine.enter();
              Thread.sleep(20);
              others.incrementAndGet();
              quarantine.leave(pass, () -> {});
            }
            return null;
          });
    }

    // When
    await().atMost(Duration.ofSeconds(20)).until(() -> others.get() > 40 && isolated.get() > 40);

    // Then
    running.set(false);
  }

  @Test
  void shouldHoldOthersBackForABoundedTimeWhileIsolatedCallsNeverStopComing() throws Exception {
    // Given
    Duration longest = Duration.ofMillis(200);
    Duration step = Duration.ofMillis(50);
    AtomicBoolean running = new AtomicBoolean(true);
    List<Future<Object>> isolated = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      isolated.add(
          threads.submit(
              () -> {
                while (running.get()) {
                  Quarantine.Pass pass = quarantine.enter(new Caution.Isolated(1, longest));
                  Thread.sleep(500);
                  quarantine.leave(pass, () -> {});
                }
                return null;
              }));
    }

    // When
    long most = 0;
    for (int i = 0; i < 4; i++) {
      long begin = System.nanoTime();
      Quarantine.Pass pass = quarantine.enter();
      most = Math.max(most, System.nanoTime() - begin);
      Thread.sleep(20);
      quarantine.leave(pass, () -> {});
    }
    running.set(false);

    // Then
    assertThat(Duration.ofNanos(most))
        .as("a busy machine may add some")
        .isLessThan(DRAIN.plus(PHASE).plus(longest).plus(step).plusMillis(400));
  }

  @Test
  void shouldCloseAgainOnlyWhenAllThatWaitedHaveStarted() throws Exception {
    // Given
    AtomicBoolean running = new AtomicBoolean(true);
    for (int i = 0; i < 2; i++) {
      threads.submit(
          () -> {
            while (running.get()) {
              quarantine.leave(quarantine.enter(ALONE), () -> {});
            }
            return null;
          });
    }
    AtomicInteger started = new AtomicInteger();

    // When
    List<Future<?>> others = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      others.add(
          threads.submit(
              () -> {
                Quarantine.Pass pass = quarantine.enter();
                started.incrementAndGet();
                quarantine.leave(pass, () -> {});
                return null;
              }));
    }
    for (Future<?> other : others) {
      other.get(20, TimeUnit.SECONDS);
    }
    running.set(false);

    // Then
    assertThat(started).hasValue(500);
  }

  @Test
  void shouldDoTheLastThingOfACallBeforeAnotherOneStarts() throws Exception {
    // Given
    Quarantine.Pass first = quarantine.enter(ALONE);
    Future<Quarantine.Pass> next = threads.submit(() -> quarantine.enter(ALONE));
    AtomicBoolean started = new AtomicBoolean();
    AtomicBoolean joined = new AtomicBoolean();
    quarantine.observe(first, () -> {}, () -> joined.set(true));

    // When
    quarantine.leave(
        first,
        () -> {
          LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
          started.set(next.isDone());
        });

    // Then
    assertThat(started).isFalse();
    assertThat(quarantine.isAlone(next.get())).isTrue();
    assertThat(joined).as("the first call was joined").isFalse();
    quarantine.leave(next.get(), () -> {});
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldRunNothingBesideMoreIsolatedCallsThanTheyAllow(long seed) throws Exception {
    // Given
    Random random = new Random(seed);
    AtomicInteger others = new AtomicInteger();
    AtomicInteger isolated = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    CountDownLatch ended = new CountDownLatch(60);
    List<Integer> most = IntStream.range(0, 60).map(i -> random.nextInt(4)).boxed().toList();

    // When
    for (int one : most) {
      int pause = random.nextInt(8);
      threads.submit(
          () -> {
            if (one == 0) {
              Quarantine.Pass pass = quarantine.enter();
              others.incrementAndGet();
              wrong.addAndGet(isolated.get());
              Thread.sleep(pause);
              others.decrementAndGet();
              quarantine.leave(pass, () -> {});
            } else {
              Quarantine.Pass pass =
                  quarantine.enter(new Caution.Isolated(one, Duration.ofSeconds(20)));
              int together = isolated.incrementAndGet();
              wrong.addAndGet(Math.max(0, together - one) + others.get());
              Thread.sleep(pause);
              isolated.decrementAndGet();
              quarantine.leave(pass, () -> {});
            }
            ended.countDown();
            return null;
          });
    }

    // Then
    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(wrong).hasValue(0);
  }
}
