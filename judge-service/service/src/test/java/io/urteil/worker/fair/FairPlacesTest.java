package io.urteil.worker.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FairPlacesTest {

  private static final WorkOwner CALM = new WorkOwner("calm", true);
  private static final WorkOwner FLOOD = new WorkOwner("flood", true);

  @Test
  void shouldNeverGiveMorePlacesThanThereAre() throws Exception {
    // Given
    FairPlaces places = new FairPlaces(3);
    AtomicInteger held = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<?>> work = new ArrayList<>();

    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2_000; i++) {
        WorkOwner owner = i % 7 == 0 ? CALM : FLOOD;
        int number = 1 + i % 3;
        work.add(
            threads.submit(
                () -> {
                  try (FairPlaces.Held ignored = places.acquire(owner, number)) {
                    most.accumulateAndGet(held.addAndGet(number), Math::max);
                    Thread.yield();
                    held.addAndGet(-number);
                  }
                  return null;
                }));
      }
      for (Future<?> one : work) {
        one.get(30, TimeUnit.SECONDS);
      }
    }

    // Then
    assertThat(most.get()).isLessThanOrEqualTo(3);
    try (FairPlaces.Held all = places.acquire(CALM, 3)) {
      assertThat(all).isNotNull();
    }
  }

  @Test
  void shouldReturnThePlacesOfAnInterruptedWait() throws Exception {
    // Given
    FairPlaces places = new FairPlaces(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      FairPlaces.Held first = places.acquire(FLOOD, 1);
      Future<FairPlaces.Held> waiting = threads.submit(() -> places.acquire(FLOOD, 1));
      assertThatThrownBy(() -> waiting.get(50, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);

      // When
      threads.shutdownNow();
      assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(InterruptedException.class);
      first.close();
    }

    // Then
    try (FairPlaces.Held next = places.acquire(CALM, 1)) {
      assertThat(next).isNotNull();
    }
  }

  @Test
  void shouldRejectWorkThatCanNeverStart() {
    // Given
    FairPlaces places = new FairPlaces(2);

    // Then
    assertThatIllegalArgumentException()
        .isThrownBy(() -> places.acquire(CALM, 3))
        .withMessage("places: 3 (expected: at most 2)");
  }
}
