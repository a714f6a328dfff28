package io.urteil.worker.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FetchTurnsTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final TopicPartition ONE = new TopicPartition("rollouts", 1);
  private static final TopicPartition OTHER = new TopicPartition("rollouts", 2);

  private final HeldVolume volume = new HeldVolume(1_000, 1_000);
  private final FetchTurns turns = new FetchTurns(volume);

  @Test
  void shouldLetOneLaneFetchFromAPartition() throws Exception {
    // Given
    assertThat(turns.await(ONE, SHORT)).isTrue();

    // When
    boolean same = turns.await(ONE, SHORT);
    boolean other = turns.await(OTHER, SHORT);
    turns.end(ONE, false);

    // Then
    assertThat(same).isFalse();
    assertThat(other).isTrue();
    assertThat(turns.await(ONE, SHORT)).isTrue();
  }

  @Test
  void shouldPauseAfterAFetchWhileThereIsABacklog() throws Exception {
    // Given
    turns.lanesOfAPartition(4);
    backlogOfSeconds(4);
    assertThat(turns.await(ONE, SHORT)).isTrue();

    // When
    turns.end(ONE, true);

    // Then
    assertThat(turns.await(ONE, SHORT)).isFalse();
    assertThat(turns.await(OTHER, SHORT)).isTrue();
    assertThat(turns.await(ONE, LONG)).isTrue();
  }

  @Test
  void shouldNotPauseWithoutABacklog() throws Exception {
    // Given
    assertThat(turns.await(ONE, SHORT)).isTrue();

    // When
    turns.end(ONE, true);

    // Then
    assertThat(turns.await(ONE, SHORT)).isTrue();
  }

  /** At ten records a second. */
  private void backlogOfSeconds(int seconds) {
    long now = System.nanoTime();
    for (int second = 1; second <= 100; second++) {
      for (int record = 0; record < 10; record++) {
        volume.finished();
      }
      volume.measure(now + Duration.ofSeconds(second).toNanos());
    }
    for (int record = 0; record < 10 * seconds; record++) {
      volume.add(1);
    }
  }
}
