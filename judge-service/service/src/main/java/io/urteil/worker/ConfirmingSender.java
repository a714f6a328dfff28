package io.urteil.worker;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.Topic;
import io.urteil.worker.call.Retrying;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events and waits for their acknowledgement. It retries indefinitely while the broker is
 * unreachable; the worker keeps its rollouts locked meanwhile. Thread-safe; callers block.
 */
final class ConfirmingSender {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConfirmingSender.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Sends one event; the future completes when all in-sync replicas have it. */
  @FunctionalInterface
  interface Sender {
    /**
     * @param partition null for the one that the key selects
     */
    Future<RecordMetadata> send(
        Topic topic, @Nullable Integer partition, String key, SpecificRecord event);
  }

  private final Sender sender;
  private final Topic topic;
  private final Retry judgements;
  private final Retry deadLetters;

  ConfirmingSender(EventProducer producer) {
    this(producer, Topic.JUDGEMENTS);
  }

  /**
   * @param topic of the judgements
   */
  ConfirmingSender(EventProducer producer, Topic topic) {
    this(
        (to, partition, key, event) ->
            partition == null
                ? producer.send(to, key, event)
                : producer.send(to, partition, key, event),
        topic,
        PAUSE);
  }

  /**
   * @param pause between two attempts
   */
  ConfirmingSender(Sender sender, Topic topic, Duration pause) {
    this.sender = sender;
    this.topic = topic;
    this.judgements = retry(topic, pause);
    this.deadLetters = retry(Topic.DEAD_LETTERS, pause);
  }

  /**
   * Publishes the judgements, each to the partition number of its rollout: whatever partitioner the
   * producer of the rollouts uses, a group meets on one partition. The topics have the same number
   * of partitions. Returns when all judgements are acknowledged.
   */
  void send(List<Judgement> judgements) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (Judgement judgement : judgements) {
      sent.add(sender.send(topic, partition(judgement), judgement.getGroupId(), judgement));
    }
    for (int i = 0; i < sent.size(); i++) {
      Judgement judgement = judgements.get(i);
      awaitAcknowledgement(
          topic, partition(judgement), judgement.getGroupId(), judgement, sent.get(i));
    }
  }

  private static @Nullable Integer partition(Judgement judgement) {
    return judgement.getRollout() == null ? null : judgement.getRollout().getPartition();
  }

  /**
   * Publishes the dead letter; returns when it is acknowledged. A value that is too large for the
   * topic is omitted.
   */
  void send(DeadLetter letter) throws InterruptedException {
    if (topic == Topic.SHADOW_JUDGEMENTS && letter.getCause().equals(DeadLetters.NO_EVENT)) {
      // The worker of the primary judges publishes a dead letter about the same record.
      return;
    }
    String key = "%s/%d/%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset());
    try {
      awaitAcknowledgement(
          Topic.DEAD_LETTERS,
          null,
          key,
          letter,
          sender.send(Topic.DEAD_LETTERS, null, key, letter));
    } catch (RecordTooLargeException e) {
      DeadLetter empty = DeadLetter.newBuilder(letter).setValue(null).build();
      awaitAcknowledgement(
          Topic.DEAD_LETTERS, null, key, empty, sender.send(Topic.DEAD_LETTERS, null, key, empty));
    }
  }

  private void awaitAcknowledgement(
      Topic topic,
      @Nullable Integer partition,
      String key,
      SpecificRecord event,
      Future<RecordMetadata> firstAttempt)
      throws InterruptedException {
    AtomicReference<@Nullable Future<RecordMetadata>> first = new AtomicReference<>(firstAttempt);
    try {
      Retrying.call(
          topic == Topic.DEAD_LETTERS ? deadLetters : judgements,
          () -> {
            Future<RecordMetadata> sent = first.getAndSet(null);
            return (sent == null ? sender.send(topic, partition, key, event) : sent).get();
          });
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException tooLarge) {
        throw tooLarge;
      }
      throw new IllegalStateException(
          "cannot publish to %s, key %s".formatted(topic.baseName(), key), e);
    }
  }

  /**
   * Unlimited retries. The producer itself resends without reordering until its {@code
   * delivery.timeout.ms}; this retry covers longer outages.
   */
  private static Retry retry(Topic topic, Duration pause) {
    Retry retry =
        Retry.of(
            topic.baseName(),
            RetryConfig.custom()
                .maxAttempts(Integer.MAX_VALUE)
                .waitDuration(pause)
                .retryOnException(e -> e.getCause() instanceof RetriableException)
                .build());
    retry
        .getEventPublisher()
        .onRetry(
            event ->
                LOGGER
                    .atWarn()
                    .addKeyValue("topic", topic.baseName())
                    .addKeyValue("error", String.valueOf(event.getLastThrowable().getCause()))
                    .log("cannot publish, retrying"));
    return retry;
  }
}
