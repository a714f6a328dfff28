package io.urteil.bench.chaos;

import io.urteil.event.Topic;
import java.time.Instant;

/** One kill, and the time until an event shows later work of the same kind of process. */
final class Outage {

  private final KillTarget victim;
  private final Instant killedAt = Instant.now();
  private final long killedNanos = System.nanoTime();
  private volatile double seconds = Double.NaN;

  Outage(KillTarget victim) {
    this.victim = victim;
  }

  KillTarget victim() {
    return victim;
  }

  void onEvent(Topic topic, Instant createdAt) {
    if (isOpen() && topic == victim.recoveryTopic() && createdAt.isAfter(killedAt)) {
      seconds = (System.nanoTime() - killedNanos) / 1e9;
    }
  }

  boolean isOpen() {
    return Double.isNaN(seconds);
  }

  /** Duration of the outage; NaN while it lasts. */
  double seconds() {
    return seconds;
  }
}
