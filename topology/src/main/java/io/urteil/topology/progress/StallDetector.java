package io.urteil.topology.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Detects that Kafka Streams has not been in state RUNNING for too long. Streams raises no error
 * while it restores stores or waits for a broker's response to offset requests. Thread-safe.
 */
public final class StallDetector implements KafkaStreams.StateListener {

  private record ObservedState(KafkaStreams.State state, long sinceNanos) {}

  private final Duration limit;
  private final LongSupplier nanos;
  private volatile ObservedState now;

  /**
   * @param limit time without state RUNNING that is not reported
   * @param nanos the clock, as {@link System#nanoTime()}
   */
  public StallDetector(Duration limit, LongSupplier nanos) {
    this.limit = limit;
    this.nanos = nanos;
    this.now = new ObservedState(KafkaStreams.State.CREATED, nanos.getAsLong());
  }

  /** Called by Streams, one change at a time. */
  @Override
  public void onChange(KafkaStreams.State newState, KafkaStreams.State oldState) {
    boolean stalls = oldState == KafkaStreams.State.RUNNING;
    now = new ObservedState(newState, stalls ? nanos.getAsLong() : now.sinceNanos);
  }

  /** The reason of the stall for the operator; empty while running or within the limit. */
  public Optional<String> reason() {
    ObservedState seen = now;
    Duration lasted = Duration.ofNanos(nanos.getAsLong() - seen.sinceNanos);
    if (seen.state == KafkaStreams.State.RUNNING || lasted.compareTo(limit) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        ("Kafka Streams has been %s for %d s (expected: RUNNING): it restores its stores, or the"
                + " broker does not respond to requests for the group's committed offsets; see the"
                + " warnings in the log")
            .formatted(seen.state, lasted.toSeconds()));
  }
}
