package io.urteil.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QueuedVolumeTest {

  private final SamplingLoop.QueuedVolume volume = new SamplingLoop.QueuedVolume(100 << 10);

  @Test
  void shouldHoldAReaderUntilQueuedRecordsWereProcessed() throws Exception {
    // Given
    volume.acquire(60 << 10);
    CompletableFuture<Boolean> second = acquiring(60 << 10);
    Thread.sleep(300);
    boolean held = !second.isDone();

    // When
    volume.release(60 << 10);

    // Then
    assertThat(held).isTrue();
    assertThat(second.get()).isTrue();
  }

  @Test
  void shouldQueueARecordThatIsLargerThanTheBound() throws InterruptedException {
    assertThat(volume.acquire(8 << 20)).isTrue();
  }

  @Test
  void shouldHoldNoReaderOnceItIsClosed() throws Exception {
    // Given
    volume.acquire(8 << 20);
    CompletableFuture<Boolean> second = acquiring(1);

    // When
    volume.close();

    // Then
    assertThat(second.get()).isFalse();
  }

  private CompletableFuture<Boolean> acquiring(int bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return volume.acquire(bytes);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
