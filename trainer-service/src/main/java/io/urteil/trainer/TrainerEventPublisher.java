package io.urteil.trainer;

import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Topic;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the events of one run's trainer, each time in one transaction. Opening it fences an
 * earlier trainer of the run and ends its open transaction, so that the topics are final
 * afterwards.
 */
final class TrainerEventPublisher implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(TrainerEventPublisher.class);
  private static final int ATTEMPTS = 5;

  private final EventProducer producer;
  private final String runId;

  TrainerEventPublisher(Namespace place, String runId) {
    this.producer = EventProducer.transactional(place, Trainer.NAME + "-" + runId);
    this.runId = runId;
  }

  /** Publishes a version, its update, and dead letters of unusable records; all or nothing. */
  void publish(Checkpoint checkpoint, Optional<PolicyUpdate> update, List<DeadLetter> deadLetters) {
    transact(
        () -> {
          producer.send(Topic.CHECKPOINTS, runId, checkpoint);
          producer.send(Topic.CHECKPOINT_HEAD, runId, checkpoint);
          update.ifPresent(event -> producer.send(Topic.UPDATES, runId, event));
          deadLetters.forEach(letter -> producer.send(Topic.DEAD_LETTERS, runId, letter));
        });
  }

  void publish(DeadLetter deadLetter) {
    transact(() -> producer.send(Topic.DEAD_LETTERS, runId, deadLetter));
  }

  @Override
  public void close() {
    producer.close();
  }

  private void transact(Runnable sends) {
    KafkaProducer<String, byte[]> kafka = producer.kafka();
    for (int attempt = 1; ; attempt++) {
      kafka.beginTransaction();
      try {
        sends.run();
        commit(kafka);
        return;
      } catch (ProducerFencedException
          | OutOfOrderSequenceException
          | AuthorizationException fatal) {
        throw fatal;
      } catch (KafkaException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        LOGGER
            .atWarn()
            .addKeyValue("runId", runId)
            .addKeyValue("error", e.toString())
            .log("transaction aborted, retrying");
        kafka.abortTransaction();
      }
    }
  }

  /** A commit that timed out may have succeeded; repeating it is safe and returns the outcome. */
  private static void commit(KafkaProducer<String, byte[]> kafka) {
    for (int attempt = 1; ; attempt++) {
      try {
        kafka.commitTransaction();
        return;
      } catch (TimeoutException e) {
        if (attempt == ATTEMPTS) {
          throw new IllegalStateException("commit not acknowledged; the outcome is unknown", e);
        }
      }
    }
  }
}
