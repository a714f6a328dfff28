package io.urteil.worker;

import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Judgement;
import io.urteil.event.JudgementStatus;
import io.urteil.kafka.KafkaFailures;
import io.urteil.worker.crash.Caution;
import io.urteil.worker.crash.CrashGuard;
import io.urteil.worker.crash.Delivery;
import io.urteil.worker.fair.FairPlaces;
import io.urteil.worker.share.RecordProcessor;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiPredicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one record of {@code rollouts} or {@code rollout-groups}:
 *
 * <ol>
 *   <li>A record that is not an event of the topic, has a wrong content hash or belongs to an
 *       unknown run is rejected with a dead letter.
 *   <li>A record on which a worker's process ended, or at its delivery limit, is rejected with a
 *       FAILED judgement by every judge and a dead letter; no judge is called.
 *   <li>Otherwise every judge of the run judges it. A judge that fails or times out yields a
 *       judgement with that status and a dead letter.
 *   <li>The record is accepted after all of these events are acknowledged.
 * </ol>
 *
 * Any other failure of one record, except of the connection to the broker, is a dead letter, too.
 * It never ends the worker.
 *
 * <p>Thread-safe; {@link #handle} runs on one thread per record and blocks on judges and broker.
 */
final class RecordHandler implements RecordProcessor {

  static final String JUDGE_FAILED = "judge-failed";

  private static final String CANCELLED = "cancelled";
  private static final Duration TENANT_MEMORY = Duration.ofMinutes(1);

  private static final Logger LOGGER = LoggerFactory.getLogger(RecordHandler.class);

  private final String component;
  private final EventCodec codec;
  private final WorkReader reader;
  private final ConfirmingSender sender;
  private final WorkerSettings settings;
  private final Clock clock;
  private final JudgeMetrics metrics;
  private final CrashGuard crashes;
  private final BiPredicate<String, String> cancelled;
  private final RunShares shares;
  private volatile long lastTenantNanos = System.nanoTime() - TENANT_MEMORY.toNanos();

  /**
   * @param cancelled whether no client waits for the group of this run and id
   */
  RecordHandler(
      String component,
      EventCodec codec,
      WorkReader reader,
      ConfirmingSender sender,
      WorkerSettings settings,
      Clock clock,
      JudgeMetrics metrics,
      CrashGuard crashes,
      BiPredicate<String, String> cancelled) {
    this.component = component;
    this.codec = codec;
    this.reader = reader;
    this.sender = sender;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    this.crashes = crashes;
    this.cancelled = cancelled;
    this.shares = new RunShares(settings.pollRecords());
  }

  /** Whether a record of a tenant was read within the last minute. */
  @Override
  public boolean hasTenants() {
    return System.nanoTime() - lastTenantNanos < TENANT_MEMORY.toNanos();
  }

  /** Processes the record and returns its acknowledgement, ACCEPT or REJECT. */
  @Override
  public AcknowledgeType handle(ConsumerRecord<String, byte[]> record) throws InterruptedException {
    try {
      return handleUnfenced(record);
    } catch (RuntimeException | StackOverflowError e) {
      if (Thread.interrupted() || e instanceof CancellationException) {
        throw interrupted(e);
      }
      if (KafkaFailures.isOfKafka(e)) {
        throw e;
      }
      LOGGER
          .atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("error", e.toString())
          .log("record set aside");
      return reject(record, DeadLetters.COMPONENT_FAILED, "failed: " + e, null);
    }
  }

  private static InterruptedException interrupted(Throwable cause) {
    InterruptedException interrupted = new InterruptedException("while a record was processed");
    interrupted.initCause(cause);
    return interrupted;
  }

  private AcknowledgeType handleUnfenced(ConsumerRecord<String, byte[]> record)
      throws InterruptedException {
    return switch (parse(record)) {
      case WorkReader.Parsed.Rejected(String cause, String message, @Nullable String runId) ->
          reject(record, cause, message, runId);
      case WorkReader.Parsed.Accepted(WorkReader.Work work) -> {
        if (work.owner().isTenant()) {
          lastTenantNanos = System.nanoTime();
        }
        try (FairPlaces.Held ignored = shares.enter(work.runId(), work.owner())) {
          yield judge(record, work);
        }
      }
    };
  }

  private WorkReader.Parsed parse(ConsumerRecord<String, byte[]> record) {
    return switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) ->
          new WorkReader.Parsed.Rejected(DeadLetters.NO_EVENT, reason, null);
      case DecodedRecord.Event(SpecificRecord event) -> reader.read(record, event);
    };
  }

  private AcknowledgeType judge(ConsumerRecord<String, byte[]> record, WorkReader.Work work)
      throws InterruptedException {
    Delivery delivery = Delivery.of(component, record);
    if (crashes.caution(delivery) instanceof Caution.Rejected(String message)) {
      return reject(record, work, delivery, DeadLetters.ENDED_WORKER, message);
    }
    if (delivery.count() >= settings.deliveryLimit()) {
      String message =
          "delivered %d times without being judged (expected: < %d)"
              .formatted(delivery.count(), settings.deliveryLimit());
      return reject(record, work, delivery, DeadLetters.DELIVERY_LIMIT, message);
    }
    // The key of the record is the id of the group.
    if (record.key() != null && cancelled.test(work.runId(), record.key())) {
      List<Judgement> failed =
          work.failed("cancelled: no client waits for the group", delivery.count());
      sender.send(failed);
      metrics.abandoned(component, failed, CANCELLED);
      return AcknowledgeType.ACCEPT;
    }
    List<Judgement> judgements = published(work, delivery);
    crashes.judged(delivery);
    metrics.judged(component, judgements);
    for (Judgement judgement : judgements) {
      if (judgement.getStatus() == JudgementStatus.FAILED
          || judgement.getStatus() == JudgementStatus.TIMED_OUT) {
        String message = "judge '%s': %s".formatted(judgement.getJudge(), judgement.getError());
        deadLetter(record, JUDGE_FAILED, message, work.runId());
      }
    }
    return AcknowledgeType.ACCEPT;
  }

  /** Judges and publishes; a judgement that cannot be published is replaced by a failed one. */
  private List<Judgement> published(WorkReader.Work work, Delivery delivery)
      throws InterruptedException {
    List<Judgement> judgements = work.judge(delivery);
    try {
      sender.send(judgements);
      return judgements;
    } catch (RuntimeException | StackOverflowError e) {
      if (Thread.currentThread().isInterrupted() || KafkaFailures.isOfKafka(e)) {
        throw e;
      }
      List<Judgement> failed =
          work.failed(
              BoundedText.error("the judgement could not be published: " + e), delivery.count());
      sender.send(failed);
      return failed;
    }
  }

  private AcknowledgeType reject(
      ConsumerRecord<String, byte[]> record,
      WorkReader.Work work,
      Delivery delivery,
      String cause,
      String message)
      throws InterruptedException {
    List<Judgement> failed = work.failed(message, delivery.count());
    sender.send(failed);
    metrics.abandoned(component, failed, cause);
    return reject(record, cause, message, work.runId());
  }

  private AcknowledgeType reject(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId)
      throws InterruptedException {
    deadLetter(record, cause, message, runId);
    return AcknowledgeType.REJECT;
  }

  private void deadLetter(
      ConsumerRecord<String, byte[]> record, String cause, String message, @Nullable String runId)
      throws InterruptedException {
    sender.send(DeadLetters.of(component, cause, message, runId, record, clock));
  }
}
