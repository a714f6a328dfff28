package io.urteil.worker.share;

import io.urteil.event.EventLog;
import io.urteil.event.RecordPosition;
import io.urteil.kafka.ConnectionMonitor;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a share group, which acknowledges each record once. The life of a batch:
 *
 * <ol>
 *   <li>{@code poll} locks up to {@code pollRecords} records; each is processed on its own thread.
 *   <li>When all are finished, one commit acknowledges them.
 *   <li>If some are still running after a third of the lock duration, and at the latest after five
 *       seconds, the finished ones are acknowledged and the locks of the others renewed. The next
 *       poll returns the renewed records only; they are matched with the running work and not
 *       started again. A renewed record that the poll does not return has lost its lock, and the
 *       broker delivers it to another worker.
 *   <li>Shutdown releases the unfinished records.
 * </ol>
 *
 * A lane with unfinished records fetches no others; {@link ShareWorker} then opens further lanes.
 * Where there are tenants, lanes fetch in {@link FetchTurns turns}.
 *
 * <p>Runs on one thread. The lane ends when it is idle and has had no connection for two seconds: a
 * disconnected share consumer spins (Kafka 4.3.1: it polls without a pause while the request for
 * the coordinator cannot be sent).
 */
final class ShareLane implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareLane.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DISCONNECTED_LIMIT = Duration.ofSeconds(2);
  private static final long FREE = 0;

  private record HeldRecord(ConsumerRecord<String, byte[]> record, Future<AcknowledgeType> work) {
    boolean done() {
      return work.state() == Future.State.SUCCESS;
    }
  }

  private final KafkaShareConsumer<String, byte[]> consumer;
  private final ShareSource source;
  private final RecordProcessor processor;
  private final ExecutorService threads;
  private final BooleanSupplier running;
  private final ConnectionMonitor connections;
  private final KafkaClientMeters clientMeters;
  private final LockCounters locks;
  private final HeldVolume volume;
  private final FetchTurns turns;
  private final Map<RecordPosition, HeldRecord> held = new HashMap<>();
  private @Nullable TopicPartition lastPartition;
  private volatile long heldSinceNanos = FREE;
  private volatile long lastFinishedNanos = System.nanoTime();

  ShareLane(
      ShareSource source,
      String clientId,
      RecordProcessor processor,
      ExecutorService threads,
      BooleanSupplier running,
      LockCounters locks,
      HeldVolume volume,
      FetchTurns turns) {
    this.source = source;
    this.processor = processor;
    this.threads = threads;
    this.running = running;
    this.locks = locks;
    this.volume = volume;
    this.turns = turns;
    this.consumer =
        new EventLog(source.namespace())
            .shareConsumer(
                source.groupId(),
                Map.of(
                    "client.id",
                    clientId,
                    "share.acknowledgement.mode",
                    "explicit",
                    "share.acquire.mode",
                    "record_limit",
                    "max.poll.records",
                    source.pollRecords()));
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.connections = new ConnectionMonitor(consumer.metrics(), System::nanoTime);
    consumer.subscribe(List.of(source.topic().in(source.namespace())));
  }

  /** Whether unfinished records keep this lane from fetching for long. Thread-safe. */
  boolean isHeld() {
    long since = heldSinceNanos;
    if (since == FREE) {
      return false;
    }
    long now = System.nanoTime();
    return volume.isHeld(
        now - since, now - Math.max(since, lastFinishedNanos), processor.hasTenants());
  }

  /**
   * Processes records until {@code running} is false.
   *
   * @throws DisconnectException when the lane is idle and no broker is connected
   */
  void run() throws InterruptedException {
    while (running.getAsBoolean()) {
      Optional<ConsumerRecords<String, byte[]>> fetched = fetch();
      if (fetched.isEmpty()) {
        continue;
      }
      ConsumerRecords<String, byte[]> polled = fetched.get();
      if (polled.isEmpty() && connections.missingFor().compareTo(DISCONNECTED_LIMIT) > 0) {
        throw new DisconnectException("no broker is connected");
      }
      start(polled);
      while (!held.isEmpty() && running.getAsBoolean()) {
        await(source.renewAfter());
        acknowledge(AcknowledgeType.RENEW);
        if (!held.isEmpty()) {
          keepRenewed(consumer.poll(POLL));
        }
      }
      heldSinceNanos = FREE;
    }
    await(GRACE);
    held.values().forEach(unfinished -> unfinished.work().cancel(true));
    acknowledge(AcknowledgeType.RELEASE);
    held.values().forEach(released -> volume.remove(size(released.record())));
    held.clear();
  }

  /** Fetches when it is the turn of this lane, if there are tenants; empty if it is not yet. */
  private Optional<ConsumerRecords<String, byte[]>> fetch() throws InterruptedException {
    TopicPartition own =
        source.pollRecords() == 1 || !processor.hasTenants() ? null : lastPartition;
    if (own == null) {
      return Optional.of(polled());
    }
    if (!turns.await(own, POLL)) {
      return Optional.empty();
    }
    boolean fetched = false;
    try {
      ConsumerRecords<String, byte[]> polled = polled();
      fetched = !polled.isEmpty();
      return Optional.of(polled);
    } finally {
      turns.end(own, fetched);
    }
  }

  private ConsumerRecords<String, byte[]> polled() {
    ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
    // A lane without records may have been assigned another partition.
    lastPartition = polled.partitions().stream().findFirst().orElse(null);
    return polled;
  }

  private void start(ConsumerRecords<String, byte[]> records) {
    if (!records.isEmpty()) {
      heldSinceNanos = Math.max(1, System.nanoTime());
    }
    records.forEach(this::start);
  }

  private void start(ConsumerRecord<String, byte[]> record) {
    volume.add(size(record));
    Future<AcknowledgeType> work = threads.submit(() -> handle(record));
    held.put(RecordPosition.of(record), new HeldRecord(record, work));
  }

  private AcknowledgeType handle(ConsumerRecord<String, byte[]> record)
      throws InterruptedException {
    AcknowledgeType acknowledgement = processor.handle(record);
    lastFinishedNanos = System.nanoTime();
    volume.finished();
    return acknowledgement;
  }

  private void await(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (HeldRecord one : held.values()) {
      try {
        one.work().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return;
      } catch (ExecutionException e) {
        throw new IllegalStateException("cannot process a record", e.getCause());
      }
    }
  }

  private void acknowledge(AcknowledgeType unfinished) {
    if (held.isEmpty()) {
      return;
    }
    held.values()
        .removeIf(
            one -> {
              boolean done = one.done();
              consumer.acknowledge(one.record(), done ? one.work().resultNow() : unfinished);
              if (done) {
                volume.remove(size(one.record()));
              }
              return done;
            });
    if (unfinished == AcknowledgeType.RENEW) {
      locks.renewed().increment(held.size());
    }
    consumer
        .commitSync()
        .forEach(
            (partition, failure) ->
                failure.ifPresent(
                    error -> {
                      locks.refused().increment();
                      LOGGER
                          .atWarn()
                          .addKeyValue("topic", partition.topic())
                          .addKeyValue("partition", partition.partition())
                          .addKeyValue("error", error.toString())
                          .log("record locks lost; records will be redelivered");
                    }));
  }

  private void keepRenewed(ConsumerRecords<String, byte[]> renewed) {
    Map<RecordPosition, HeldRecord> before = new HashMap<>(held);
    held.clear();
    for (ConsumerRecord<String, byte[]> record : renewed) {
      HeldRecord known = before.remove(RecordPosition.of(record));
      if (known == null) {
        start(record);
      } else {
        held.put(RecordPosition.of(record), new HeldRecord(record, known.work()));
      }
    }
    before.values().forEach(lost -> volume.remove(size(lost.record())));
  }

  private static int size(ConsumerRecord<String, byte[]> record) {
    byte @Nullable [] value = record.value();
    return value == null ? 0 : value.length;
  }

  @Override
  public void close() {
    held.values().forEach(abandoned -> volume.remove(size(abandoned.record())));
    held.clear();
    clientMeters.close();
    boolean connected = connections.missingFor().isZero();
    consumer.close(connected ? CLOSE_TIMEOUT : Duration.ZERO);
  }
}
