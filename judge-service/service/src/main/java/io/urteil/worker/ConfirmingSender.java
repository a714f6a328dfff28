package io.urteil.worker;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.Topic;
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
 * Sends events and waits until the log has them. While the log cannot be reached it goes on trying:
 * the rollouts are held meanwhile. Thread-safe; callers wait.
 */
final class ConfirmingSender {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConfirmingSender.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** Sends one event; the future completes when all replicas have it. */
  @FunctionalInterface
  interface Sender {
    Future<RecordMetadata> send(Topic topic, String key, SpecificRecord event);
  }

  private final Sender sender;
  private final Topic topic;
  private final Retry judgements;
  private final Retry deadLetters;

  ConfirmingSender(EventProducer producer) {
    this(producer, Topic.JUDGEMENTS);
  }

  /**
   * @param topic where judgements go
   */
  ConfirmingSender(EventProducer producer, Topic topic) {
    this(producer::send, topic, PAUSE);
  }

  /**
   * @param pause between two tries
   */
  ConfirmingSender(Sender sender, Topic topic, Duration pause) {
    this.sender = sender;
    this.topic = topic;
    this.judgements = retry(topic, pause);
    this.deadLetters = retry(Topic.DEAD_LETTERS, pause);
  }

  /** Returns when all of them are acknowledged. */
  void send(List<Judgement> judgements) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (Judgement judgement : judgements) {
      sent.add(sender.send(topic, judgement.getGroupId(), judgement));
    }
    for (int i = 0; i < sent.size(); i++) {
      await(topic, judgements.get(i).getGroupId(), judgements.get(i), sent.get(i));
    }
  }

  /** Returns when the letter is acknowledged; without the record's value when that is too large. */
  void send(DeadLetter letter) throws InterruptedException {
    if (topic == Topic.SHADOW_JUDGEMENTS && letter.getCause().equals(DeadLetters.NO_EVENT)) {
      // The judges proper read the same record and say so.
      return;
    }
    String key = "%s/%d/%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset());
    try {
      await(Topic.DEAD_LETTERS, key, letter, sender.send(Topic.DEAD_LETTERS, key, letter));
    } catch (RecordTooLargeException e) {
      DeadLetter empty = DeadLetter.newBuilder(letter).setValue(null).build();
      await(Topic.DEAD_LETTERS, key, empty, sender.send(Topic.DEAD_LETTERS, key, empty));
    }
  }

  private void await(Topic topic, String key, SpecificRecord event, Future<RecordMetadata> firstTry)
      throws InterruptedException {
    AtomicReference<@Nullable Future<RecordMetadata>> first = new AtomicReference<>(firstTry);
    try {
      Retrying.call(
          topic == Topic.DEAD_LETTERS ? deadLetters : judgements,
          () -> {
            Future<RecordMetadata> sent = first.getAndSet(null);
            return (sent == null ? sender.send(topic, key, event) : sent).get();
          });
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException tooLarge) {
        throw tooLarge;
      }
      throw new IllegalStateException("sending to " + topic.baseName() + ", key " + key, e);
    }
  }

  /**
   * Resends for as long as it takes. The producer itself resends until its {@code
   * delivery.timeout.ms}, without reordering; what comes here was lost for longer.
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
                    .log("the log does not take events; trying again"));
    return retry;
  }
}
