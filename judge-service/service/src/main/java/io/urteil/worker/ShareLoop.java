package io.urteil.worker;

import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.apache.kafka.common.errors.DisconnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records from a share group and gives each back once. The life of a batch:
 *
 * <ol>
 *   <li>{@code poll} locks up to {@code pollRecords} of them; each gets a thread of its own.
 *   <li>When all are done they are acknowledged in one commit.
 *   <li>Are some not done after a third of the lock, the others are acknowledged and these renewed.
 *       Renewed records come back from the next poll, which brings nothing else until they are
 *       done; they are matched with the work under way and not begun again. One that does not come
 *       back has lost its lock and is another worker's now.
 *   <li>At shutdown what is not done is released.
 * </ol>
 *
 * Runs on one thread. Without a connection a share consumer takes all the processor it can get
 * (Kafka 4.3.1: while its request for the coordinator cannot be sent, it polls again at once), so
 * an idle loop ends when it has none for two seconds.
 */
final class ShareLoop implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ShareLoop.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_CUT = Duration.ofSeconds(2);

  private record Held(ConsumerRecord<String, byte[]> record, Future<AcknowledgeType> work) {
    boolean done() {
      return work.state() == Future.State.SUCCESS;
    }
  }

  private final KafkaShareConsumer<String, byte[]> consumer;
  private final RecordHandler handler;
  private final ExecutorService threads;
  private final WorkerSettings settings;
  private final BooleanSupplier running;
  private final ConnectionMonitor connections;
  private final KafkaClientMeters clientMeters;
  private final JudgeMetrics.Locks locks;
  private final Map<RecordPosition, Held> held = new HashMap<>();

  ShareLoop(
      Namespace place,
      Topic topic,
      String group,
      RecordHandler handler,
      ExecutorService threads,
      WorkerSettings settings,
      BooleanSupplier running,
      JudgeMetrics.Locks locks) {
    this.handler = handler;
    this.threads = threads;
    this.settings = settings;
    this.running = running;
    this.locks = locks;
    this.consumer =
        new EventLog(place)
            .shareConsumer(
                group,
                Map.of(
                    "share.acknowledgement.mode", "explicit",
                    "share.acquire.mode", "record_limit",
                    "max.poll.records", settings.pollRecords()));
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.connections = new ConnectionMonitor(consumer.metrics(), System::nanoTime);
    consumer.subscribe(List.of(topic.in(place)));
  }

  /**
   * Works until it is no longer to run.
   *
   * @throws DisconnectException when it has nothing to do and no broker is connected
   */
  void run() throws InterruptedException {
    while (running.getAsBoolean()) {
      ConsumerRecords<String, byte[]> taken = consumer.poll(POLL);
      if (taken.isEmpty() && connections.missingFor().compareTo(LONGEST_CUT) > 0) {
        throw new DisconnectException("no connection to a broker");
      }
      begin(taken);
      while (!held.isEmpty() && running.getAsBoolean()) {
        await(settings.renewAfter());
        acknowledge(AcknowledgeType.RENEW);
        if (!held.isEmpty()) {
          keepWhatComesBack(consumer.poll(POLL));
        }
      }
    }
    await(GRACE);
    held.values().forEach(unfinished -> unfinished.work().cancel(true));
    acknowledge(AcknowledgeType.RELEASE);
  }

  private void begin(ConsumerRecords<String, byte[]> records) {
    records.forEach(this::begin);
  }

  private void begin(ConsumerRecord<String, byte[]> record) {
    Future<AcknowledgeType> work = threads.submit(() -> handler.handle(record));
    held.put(RecordPosition.of(record), new Held(record, work));
  }

  private void await(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (Held one : held.values()) {
      try {
        one.work().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return;
      } catch (ExecutionException e) {
        throw new IllegalStateException("handling a record", e.getCause());
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
              return done;
            });
    if (unfinished == AcknowledgeType.RENEW) {
      locks.renewed().increment(held.size());
    }
    consumer
        .commitSync()
        .forEach(
            (partition, refused) ->
                refused.ifPresent(
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

  private void keepWhatComesBack(ConsumerRecords<String, byte[]> renewed) {
    Map<RecordPosition, Held> before = Map.copyOf(held);
    held.clear();
    for (ConsumerRecord<String, byte[]> record : renewed) {
      Held known = before.get(RecordPosition.of(record));
      if (known == null) {
        begin(record);
      } else {
        held.put(RecordPosition.of(record), new Held(record, known.work()));
      }
    }
  }

  @Override
  public void close() {
    clientMeters.close();
    boolean connected = connections.missingFor().isZero();
    consumer.close(connected ? LONGEST_CLOSE : Duration.ZERO);
  }
}
