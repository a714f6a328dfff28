package io.urteil.bench.chaos;

import io.urteil.event.Topic;
import java.time.Instant;

/** One kill, and how long it took until the log showed work of that kind begun after it. */
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

  void saw(Topic topic, Instant madeAt) {
    if (isOpen() && topic == victim.sign() && madeAt.isAfter(killedAt)) {
      seconds = (System.nanoTime() - killedNanos) / 1e9;
    }
  }

  boolean isOpen() {
    return Double.isNaN(seconds);
  }

  /** NaN while it lasts. */
  double seconds() {
    return seconds;
  }
}
