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
import io.urteil.history.CheckpointHistory;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Admission for an external producer of prompts or rollouts: called before each training group, it
 * keeps the producer within the lag that the run file allows.
 *
 * <p>Reads {@code progress} and {@code checkpoint-head}. The next ordinal takes the position of a
 * dropped group. If the run itself trains nothing, closed batches count as trained. Thread-safe;
 * calls are serialised.
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
   * Admits the training groups of one run. The topics of the namespace must exist; none is read
   * yet.
   */
  public ProducerAdmission(Namespace namespace, RunFile run) {
    this.run = run;
    EventLog log = new EventLog(namespace);
    this.codec = log.codec();
    this.follower =
        log.followFrom(
            List.of(
                new RecordPosition(Topic.CHECKPOINT_HEAD.in(namespace), 0, 0),
                new RecordPosition(Topic.PROGRESS.in(namespace), 0, 0)));
  }

  /**
   * The first training ordinal that is not admitted yet; 0 until the run has a version. Reads both
   * topics to their ends first.
   *
   * @throws org.apache.kafka.common.KafkaException if no broker answers within the timeout of
   *     Kafka's clients, a minute by default
   */
  public synchronized long limit() {
    follower.readToTheEnd(this::follow);
    return limit(run, run.train() == null ? batches : version, dropped, batched, batches);
  }

  /**
   * Waits until this ordinal is admitted.
   *
   * @param ordinal of a training group
   * @param atMost maximum time to wait while a broker answers
   * @return whether the ordinal is admitted
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
   * The first training ordinal that is not admitted yet. Pure.
   *
   * @param version the newest version; below 0 for none
   * @param dropped groups so far that will not reach a batch
   * @param batched groups in closed batches
   * @param batches closed batches
   */
  public static long limit(RunFile run, long version, long dropped, long batched, long batches) {
    if (version < 0) {
      return 0;
    }
    long due = version + run.staleness().maxVersionsBehind() + 1;
    if (run.batch().tokens() == 0 || batches == 0) {
      return due * run.batch().groups() + dropped;
    }
    long groupsPerBatch = Math.max(1, batched / batches);
    return batched + Math.max(0, due - batches) * groupsPerBatch + dropped;
  }

  private synchronized void follow(ConsumerRecord<String, byte[]> record) {
    if (run.run().equals(record.key())
        && codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event)) {
      if (event instanceof Checkpoint checkpoint
          && CheckpointHistory.isVersion(checkpoint.getVersion())) {
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
