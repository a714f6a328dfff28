package io.urteil.run;

import io.urteil.event.Checkpoint;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.Progress;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How far a producer outside may go: whoever publishes the prompts or rollouts of a run by itself
 * asks here before each training group, and is then as far ahead of training as the run file allows
 * and no further.
 *
 * <p>Reads {@code progress} and {@code checkpoint-head}. The place of a dropped group is taken by
 * the next ordinal. Where the run trains nothing by itself, a batch counts as trained on when it
 * has closed. Thread-safe; callers wait for each other.
 */
public final class ProducerAdmission implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final RunFile run;
  private final LogFollower follower;
  private final EventCodec codec;
  private long version = -1;
  private long dropped;
  private long batched;
  private long batches;

  /**
   * The admission of one run's training groups, by the log of this tenant, whose topics must be
   * there. Reads nothing yet.
   */
  public ProducerAdmission(Namespace place, RunFile run) {
    this.run = run;
    EventLog log = new EventLog(place);
    this.codec = log.codec();
    this.follower =
        log.followFrom(
            List.of(
                new RecordPosition(Topic.CHECKPOINT_HEAD.in(place), 0, 0),
                new RecordPosition(Topic.PROGRESS.in(place), 0, 0)));
  }

  /**
   * The first training ordinal that may not be sampled yet, by all that is on the log now; 0 while
   * the run has no version. Reads on to the end of both topics first.
   *
   * @throws org.apache.kafka.common.KafkaException when no broker answers for as long as Kafka's
   *     clients wait, a minute by default
   */
  public synchronized long limit() {
    follower.readToTheEnd(this::follow);
    return limit(run, run.train() == null ? batches : version, dropped, batched, batches);
  }

  /**
   * Waits until this ordinal may be sampled, and says whether it may.
   *
   * @param ordinal of a training group
   * @param atMost how long to wait while a broker answers
   * @throws org.apache.kafka.common.KafkaException as {@link #limit()}
   */
  public synchronized boolean await(long ordinal, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (ordinal >= limit()) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      follower.pollRecords(POLL, this::follow);
    }
    return true;
  }

  /**
   * The first training ordinal that may not be sampled yet. Pure.
   *
   * @param version the newest; below 0 for none
   * @param dropped groups that will not reach a batch, so far
   * @param batched groups that left in batches
   * @param batches batches closed
   */
  public static long limit(RunFile run, long version, long dropped, long batched, long batches) {
    if (version < 0) {
      return 0;
    }
    long due = version + run.staleness().maxVersionsBehind() + 1;
    if (run.batch().tokens() == 0 || batches == 0) {
      return due * run.batch().groups() + dropped;
    }
    long onAverage = Math.max(1, batched / batches);
    return batched + Math.max(0, due - batches) * onAverage + dropped;
  }

  private synchronized void follow(ConsumerRecord<String, byte[]> record) {
    if (run.run().equals(record.key())
        && codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event)) {
      if (event instanceof Checkpoint checkpoint) {
        version = checkpoint.getVersion();
      } else if (event instanceof Progress progress) {
        dropped = progress.getGroupsDropped();
        batched = progress.getGroupsBatched();
        batches = progress.getBatches();
      }
    }
  }

  @Override
  public synchronized void close() {
    follower.close();
  }
}
