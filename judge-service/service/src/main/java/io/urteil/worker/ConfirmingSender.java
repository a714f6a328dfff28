package io.urteil.worker;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventProducer;
import io.urteil.event.Judgement;
import io.urteil.event.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events and waits until the log has them. While the log cannot be reached it goes on trying:
 * the rollouts are held meanwhile. Thread-safe; callers wait.
 */
final class ConfirmingSender {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConfirmingSender.class);
  private static final long PAUSE_MILLIS = 500;

  private final EventProducer producer;
  private final Topic topic;

  ConfirmingSender(EventProducer producer) {
    this(producer, Topic.JUDGEMENTS);
  }

  /**
   * @param topic where judgements go
   */
  ConfirmingSender(EventProducer producer, Topic topic) {
    this.producer = producer;
    this.topic = topic;
  }

  /** Returns when all of them are acknowledged. */
  void send(List<Judgement> judgements) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (Judgement judgement : judgements) {
      sent.add(producer.send(topic, judgement.getGroupId(), judgement));
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
      await(Topic.DEAD_LETTERS, key, letter, producer.send(Topic.DEAD_LETTERS, key, letter));
    } catch (RecordTooLargeException e) {
      DeadLetter empty = DeadLetter.newBuilder(letter).setValue(null).build();
      await(Topic.DEAD_LETTERS, key, empty, producer.send(Topic.DEAD_LETTERS, key, empty));
    }
  }

  private void await(Topic topic, String key, SpecificRecord event, Future<RecordMetadata> firstTry)
      throws InterruptedException {
    Future<RecordMetadata> sent = firstTry;
    while (true) {
      try {
        sent.get();
        return;
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RecordTooLargeException tooLarge) {
          throw tooLarge;
        }
        if (!(e.getCause() instanceof RetriableException)) {
          throw new IllegalStateException("sending to " + topic.baseName() + ", key " + key, e);
        }
        LOGGER
            .atWarn()
            .addKeyValue("topic", topic.baseName())
            .addKeyValue("error", e.getCause().toString())
            .log("the log does not take events; trying again");
        Thread.sleep(PAUSE_MILLIS);
        sent = producer.send(topic, key, event);
      }
    }
  }
}
