package io.urteil.topology.progress;

import static org.apache.kafka.streams.KafkaStreams.State.CREATED;
import static org.apache.kafka.streams.KafkaStreams.State.REBALANCING;
import static org.apache.kafka.streams.KafkaStreams.State.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StallDetectorTest {

  private final AtomicLong clock = new AtomicLong(-7);
  private final StallDetector stall = new StallDetector(Duration.ofSeconds(60), clock::get);

  @Test
  void shouldSaySinceWhenWhenItNeverCameToWork() {
    // Given
    stall.onChange(REBALANCING, CREATED);

    // When
    pass(60);
    assertThat(stall.reason()).isEmpty();
    pass(13);

    // Then
    assertThat(stall.reason().orElseThrow()).contains("REBALANCING for 73 s (expected: RUNNING)");
  }

  @Test
  void shouldCountFromTheLastTimeItWasAtWork() {
    // Given
    stall.onChange(REBALANCING, CREATED);
    pass(50);
    stall.onChange(RUNNING, REBALANCING);
    pass(500);
    assertThat(stall.reason()).isEmpty();

    // When
    stall.onChange(REBALANCING, RUNNING);
    pass(59);
    assertThat(stall.reason()).isEmpty();
    pass(2);

    // Then
    assertThat(stall.reason().orElseThrow()).contains("for 61 s");
    stall.onChange(RUNNING, REBALANCING);
    assertThat(stall.reason()).isEmpty();
  }

  private void pass(long seconds) {
    clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }
}
