package io.urteil.run;

import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.LogFollower;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.RecordPosition;
import io.urteil.event.Run;
import io.urteil.event.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Published runs by id, each with its {@link RunHistory}.
 *
 * <p>A run file is published and acknowledged before the first prompt of its run. For an unknown id
 * the topic {@code runs} is therefore read to its end: afterwards the run of any event is known.
 * Replacements of known runs are read by a thread of its own, within a second. Thread-safe.
 */
public final class RunRegistry implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RunRegistry.class);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** A message may quote the record. */
  private static final int MAX_LOGGED_CHARS = 500;

  private static final Duration LOG_PAUSE = Duration.ofSeconds(1);

  /** After this time every registry has read a replacement. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private final LogFollower follower;
  private final EventCodec codec;
  private final Map<String, RunHistory> runs = new ConcurrentHashMap<>();
  private final Thread reader;
  private volatile boolean closed;
  private int ignoredSinceLogged;
  private long loggedAt = System.nanoTime() - LOG_PAUSE.toNanos();

  /** The runs of this namespace. */
  public RunRegistry(Namespace namespace) {
    EventLog log = new EventLog(namespace);
    this.codec = log.codec();
    this.follower = log.followFrom(List.of(new RecordPosition(Topic.RUNS.in(namespace), 0, 0)));
    this.reader = Thread.ofVirtual().name("run-registry").unstarted(this::follow);
  }

  /** The newest file of this run; empty if none was published. */
  public Optional<RunFile> find(String runId) {
    return history(runId).map(RunHistory::newest);
  }

  /**
   * The run file of a group of this run; empty if none was published. Replacements count from
   * ordinals of training groups; other groups have the newest file.
   *
   * @param ordinal of the group; -1 if unknown, for the newest file
   */
  public Optional<RunFile> find(String runId, Purpose purpose, long ordinal) {
    return history(runId)
        .map(history -> purpose == Purpose.TRAIN ? history.at(ordinal) : history.newest());
  }

  /** The files of this run; empty if none was published. */
  public Optional<RunHistory> history(String runId) {
    RunHistory known = runs.get(runId);
    if (known == null) {
      readToTheEnd();
      known = runs.get(runId);
    }
    return Optional.ofNullable(known);
  }

  /** The newest files of all runs published so far, by id. */
  public Map<String, RunFile> all() {
    readToTheEnd();
    return runs.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, run -> run.getValue().newest()));
  }

  /**
   * Publishes a run file and waits for the acknowledgement. Without effect if the run is published
   * with an equal file.
   *
   * @throws RunConflictException if the run is published with another file
   */
  public static void publish(EventProducer producer, RunFile run) {
    try (RunRegistry registry = new RunRegistry(producer.namespace())) {
      Optional<RunHistory> known = registry.history(run.run());
      if (known.isEmpty()) {
        send(producer, run.run() + "/" + run.hash(), event(run).build());
        registry.readToTheEnd();
        // Of two that are published at once the first in the topic applies.
        known = registry.history(run.run());
      }
      if (known.filter(history -> history.newest().equals(run)).isEmpty()) {
        throw new RunConflictException(
            known.map(history -> history.conflict(run.hash())).orElse("run: cannot be read back"));
      }
    }
  }

  /**
   * Replaces the run file of a published run, and waits until all components have read it. It
   * applies from the first batch of which no prompt is published. Stop the feeder of the run
   * before.
   *
   * @return the first ordinal that the file applies to
   * @throws RunConflictException if the file changes what a whole run depends on, or the run was
   *     replaced by another process at the same time
   */
  public static long replace(EventProducer producer, RunFile run) {
    try (RunRegistry registry = new RunRegistry(producer.namespace())) {
      RunHistory known =
          registry
              .history(run.run())
              .orElseThrow(
                  () ->
                      new RunConflictException(
                          "run: '%s' (expected: a published run to replace)".formatted(run.run())));
      if (known.newest().equals(run)) {
        return known.versions().getLast().fromOrdinal();
      }
      long fromOrdinal = nextBatch(producer.namespace(), run);
      Run event = event(run).setReplaces(known.newest().hash()).setFromOrdinal(fromOrdinal).build();
      if (RunHistory.add(known, event) instanceof RunHistory.Added.Ignored(String reason)) {
        throw new RunConflictException(reason);
      }
      send(producer, "%s/%s/%d".formatted(run.run(), run.hash(), fromOrdinal), event);
      registry.readToTheEnd();
      if (registry.find(run.run()).filter(run::equals).isEmpty()) {
        throw new RunConflictException(
            "run: '%s' was replaced by another process at the same time".formatted(run.run()));
      }
      Thread.sleep(SETTLE);
      return fromOrdinal;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while replacing run " + run.run(), e);
    }
  }

  private static long nextBatch(Namespace namespace, RunFile run) {
    AtomicLong last = new AtomicLong(-1);
    new EventLog(namespace)
        .scan(
            Topic.PROMPTS,
            Prompt.class,
            found -> {
              Prompt prompt = found.event();
              if (prompt.getRunId().equals(run.run()) && prompt.getPurpose() == Purpose.TRAIN) {
                last.accumulateAndGet(prompt.getOrdinal(), Math::max);
              }
            });
    int groups = run.batch().hasBatches() ? run.batch().groups() : 1;
    return (last.get() / groups + (last.get() < 0 ? 0 : 1)) * groups;
  }

  private static Run.Builder event(RunFile run) {
    return Run.newBuilder()
        .setRunId(run.run())
        .setHash(run.hash())
        .setText(run.text())
        .setCreatedAt(Instant.now());
  }

  private static void send(EventProducer producer, String key, Run event) {
    try {
      producer.send(Topic.RUNS, key, event).get();
    } catch (ExecutionException e) {
      throw producer.explained(
          new IllegalStateException("cannot publish run " + event.getRunId(), e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing run " + event.getRunId(), e);
    }
  }

  private synchronized void readToTheEnd() {
    follower.readToTheEnd(this::store);
    if (!closed && reader.getState() == Thread.State.NEW) {
      reader.start();
    }
  }

  /** Reads replacements of runs that are known. */
  private void follow() {
    while (!closed) {
      try {
        synchronized (this) {
          if (!closed) {
            follower.pollRecords(POLL, this::store);
          }
        }
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (closed) {
          return;
        }
        LOGGER.atWarn().addKeyValue("error", e.toString()).log("cannot read run files, retrying");
      }
    }
  }

  /** The run of an unreadable record, or of one from a newer version, stays as it is. */
  private void store(ConsumerRecord<String, byte[]> record) {
    String ignored;
    try {
      Run event = codec.decode(record.value(), Run.class);
      switch (RunHistory.add(runs.get(event.getRunId()), event)) {
        case RunHistory.Added.Accepted(RunHistory history) -> {
          runs.put(event.getRunId(), history);
          return;
        }
        case RunHistory.Added.Ignored(String reason) -> ignored = reason;
      }
    } catch (IllegalArgumentException | RunFileException e) {
      ignored = String.valueOf(e.getMessage());
    }
    logIgnored(record, ignored);
  }

  /** One line a second: a topic may have many such records, and each start reads them all. */
  private void logIgnored(ConsumerRecord<String, byte[]> record, String reason) {
    ignoredSinceLogged++;
    long now = System.nanoTime();
    if (now - loggedAt < LOG_PAUSE.toNanos()) {
      return;
    }
    LOGGER
        .atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("offset", record.offset())
        .addKeyValue("records", ignoredSinceLogged)
        .addKeyValue("error", reason.substring(0, Math.min(reason.length(), MAX_LOGGED_CHARS)))
        .log("ignored a run file");
    ignoredSinceLogged = 0;
    loggedAt = now;
  }

  @Override
  public void close() {
    // The reader ends at its next step: an interrupt could hit the consumer.
    closed = true;
    synchronized (this) {
      follower.close();
    }
  }
}
