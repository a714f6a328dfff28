package io.urteil.worker.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryingTest {

  @Test
  void shouldThrowTheErrorOfTheLastAttempt() {
    // Given
    AtomicInteger attempts = new AtomicInteger();

    // Then
    assertThatThrownBy(
            () ->
                Retrying.call(
                    retry(3, Duration.ZERO),
                    () -> {
                      throw new IOException("attempt " + attempts.incrementAndGet());
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("attempt 3");
  }

  @Test
  void shouldBeInterruptibleBetweenTwoAttempts() {
    // Given
    Thread caller = Thread.currentThread();

    // When
    Thread.ofVirtual()
        .start(
            () -> {
              while (caller.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              caller.interrupt();
            });

    // Then
    assertThatThrownBy(
            () ->
                Retrying.call(
                    retry(2, Duration.ofMinutes(5)),
                    () -> {
                      throw new ExecutionException(new IOException("away"));
                    }))
        .isInstanceOf(InterruptedException.class)
        .hasRootCauseMessage("away");
    assertThat(Thread.interrupted()).isFalse();
  }

  private static Retry retry(int attempts, Duration pause) {
    return Retry.of("test", RetryConfig.custom().maxAttempts(attempts).waitDuration(pause).build());
  }
}
