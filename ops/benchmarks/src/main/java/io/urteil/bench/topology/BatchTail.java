package io.urteil.bench.topology;

import io.urteil.event.EventLog;
import io.urteil.event.GrpoBatch;
import io.urteil.event.LogFollower;
import io.urteil.event.LoggedEvent;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the batches that come from now on. Used by one thread. */
final class BatchTail implements AutoCloseable {

  private final LogFollower follower;
  private final String runId;

  /** Told each batch. */
  interface Each {
    /**
     * @param rollouts seen so far, those of this batch included
     * @param at the time in milliseconds at which it was seen
     */
    void seen(long rollouts, GrpoBatch batch, long at);
  }

  BatchTail(Namespace place, String runId) {
    this.runId = runId;
    this.follower = new EventLog(place).followFromTheEnd(Topic.BATCHES);
  }

  /**
   * Waits for so many rollouts in batches of the run.
   *
   * @return rollouts seen
   */
  long read(long rollouts, Duration silence, Each each) {
    long seen = 0;
    long last = System.nanoTime();
    while (seen < rollouts && System.nanoTime() - last < silence.toNanos()) {
      List<LoggedEvent<GrpoBatch>> batches = new ArrayList<>();
      follower.poll(Duration.ofMillis(100), GrpoBatch.class, batches::add);
      for (LoggedEvent<GrpoBatch> batch : batches) {
        if (runId.equals(batch.key())) {
          seen += batch.event().getGroups().stream().mapToLong(g -> g.getMembers().size()).sum();
          each.seen(seen, batch.event(), System.currentTimeMillis());
          last = System.nanoTime();
        }
      }
    }
    return seen;
  }

  @Override
  public void close() {
    follower.close();
  }
}
