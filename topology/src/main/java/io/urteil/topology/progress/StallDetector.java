package io.urteil.topology.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Tells when Kafka Streams has not been at work for too long. It waits without an error for a
 * broker that does not answer for committed offsets, and while it restores stores.
 */
public final class StallDetector implements KafkaStreams.StateListener {

  private record Now(KafkaStreams.State state, long sinceNanos) {}

  private final Duration patience;
  private final LongSupplier nanos;
  private volatile Now now;

  /**
   * @param patience how long is usual
   * @param nanos the clock, as {@link System#nanoTime()}
   */
  public StallDetector(Duration patience, LongSupplier nanos) {
    this.patience = patience;
    this.nanos = nanos;
    this.now = new Now(KafkaStreams.State.CREATED, nanos.getAsLong());
  }

  /** Called by Streams, one change at a time. */
  @Override
  public void onChange(KafkaStreams.State newState, KafkaStreams.State oldState) {
    boolean begins = oldState == KafkaStreams.State.RUNNING;
    now = new Now(newState, begins ? nanos.getAsLong() : now.sinceNanos);
  }

  /** A sentence for people; empty while it is at work or has not been for no longer than usual. */
  public Optional<String> reason() {
    Now seen = now;
    Duration lasted = Duration.ofNanos(nanos.getAsLong() - seen.sinceNanos);
    if (seen.state == KafkaStreams.State.RUNNING || lasted.compareTo(patience) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        ("Kafka Streams has been %s for %d s (expected: RUNNING): it restores its stores, or the"
                + " broker does not answer for the group's committed offsets; warnings in the log"
                + " say which")
            .formatted(seen.state, lasted.toSeconds()));
  }
}
