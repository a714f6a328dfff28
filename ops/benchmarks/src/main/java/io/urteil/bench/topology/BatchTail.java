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

/** Reads batches that are published from now on. Not thread-safe. */
final class BatchTail implements AutoCloseable {

  private final LogFollower follower;
  private final String runId;

  /** Receives each batch. */
  interface Each {
    /**
     * @param rollouts rollouts read so far, including this batch
     * @param at time at which the batch was read, in milliseconds since the epoch
     */
    void onBatch(long rollouts, GrpoBatch batch, long at);
  }

  BatchTail(Namespace namespace, String runId) {
    this.runId = runId;
    this.follower = new EventLog(namespace).followFromTheEnd(Topic.BATCHES);
  }

  /**
   * Reads batches of the run until they contain {@code rollouts} rollouts, or for {@code silence}
   * without a batch.
   *
   * @return the number of rollouts read
   */
  long read(long rollouts, Duration silence, Each each) {
    long onBatch = 0;
    long last = System.nanoTime();
    while (onBatch < rollouts && System.nanoTime() - last < silence.toNanos()) {
      List<LoggedEvent<GrpoBatch>> batches = new ArrayList<>();
      follower.poll(Duration.ofMillis(100), GrpoBatch.class, batches::add);
      for (LoggedEvent<GrpoBatch> batch : batches) {
        if (runId.equals(batch.key())) {
          onBatch += batch.event().getGroups().stream().mapToLong(g -> g.getMembers().size()).sum();
          each.onBatch(onBatch, batch.event(), System.currentTimeMillis());
          last = System.nanoTime();
        }
      }
    }
    return onBatch;
  }

  @Override
  public void close() {
    follower.close();
  }
}
