package io.urteil.bench.process;

import io.urteil.event.Topic;
import java.time.Instant;

/** One kill, and the time until an event shows later work of the same kind of process. */
public final class Outage {

  private final KillTarget victim;
  private final Instant killedAt = Instant.now();
  private final long killedNanos = System.nanoTime();
  private volatile double seconds = Double.NaN;

  public Outage(KillTarget victim) {
    this.victim = victim;
  }

  public KillTarget victim() {
    return victim;
  }

  public void onEvent(Topic topic, Instant createdAt) {
    if (isOpen() && topic == victim.recoveryTopic() && createdAt.isAfter(killedAt)) {
      seconds = (System.nanoTime() - killedNanos) / 1e9;
    }
  }

  public boolean isOpen() {
    return Double.isNaN(seconds);
  }

  /** Duration of the outage; NaN while it lasts. */
  public double seconds() {
    return seconds;
  }
}
