package io.urteil.run;

import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.RecordPosition;
import io.urteil.event.Run;
import io.urteil.event.Topic;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Published runs by id, each with its newest run file.
 *
 * <p>A run file is published and acknowledged before the first prompt of its run. For an unknown id
 * the topic {@code runs} is therefore read to its end: afterwards the run of any event is known.
 * Thread-safe.
 */
public final class RunRegistry implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RunRegistry.class);

  private final LogFollower follower;
  private final EventCodec codec;
  private final Map<String, RunFile> runs = new HashMap<>();

  /** The runs of this namespace. */
  public RunRegistry(Namespace namespace) {
    EventLog log = new EventLog(namespace);
    this.codec = log.codec();
    this.follower = log.followFrom(List.of(new RecordPosition(Topic.RUNS.in(namespace), 0, 0)));
  }

  /** The run of this id; empty if no run file of it was published. */
  public synchronized Optional<RunFile> find(String runId) {
    RunFile known = runs.get(runId);
    if (known == null) {
      readToTheEnd();
      known = runs.get(runId);
    }
    return Optional.ofNullable(known);
  }

  /** All runs published so far, by id. */
  public synchronized Map<String, RunFile> all() {
    readToTheEnd();
    return Map.copyOf(runs);
  }

  /** Publishes a run file and waits for the acknowledgement. */
  public static void publish(EventProducer producer, RunFile run) {
    Run event =
        Run.newBuilder()
            .setRunId(run.run())
            .setHash(run.hash())
            .setText(run.text())
            .setCreatedAt(Instant.now())
            .build();
    try {
      producer.send(Topic.RUNS, run.run() + "/" + run.hash(), event).get();
    } catch (ExecutionException e) {
      throw producer.explained(
          new IllegalStateException("cannot publish run " + run.run(), e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing run " + run.run(), e);
    }
  }

  private void readToTheEnd() {
    follower.readToTheEnd(this::store);
  }

  /** The run of an unreadable record, or of one from a newer version, stays unknown. */
  private void store(ConsumerRecord<String, byte[]> record) {
    try {
      Run event = codec.decode(record.value(), Run.class);
      runs.put(event.getRunId(), RunFileReader.read(event.getRunId(), event.getText()));
    } catch (IllegalArgumentException | RunFileException e) {
      LOGGER
          .atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("offset", record.offset())
          .addKeyValue("error", e.getMessage())
          .log("ignored an unreadable run file");
    }
  }

  @Override
  public synchronized void close() {
    follower.close();
  }
}
