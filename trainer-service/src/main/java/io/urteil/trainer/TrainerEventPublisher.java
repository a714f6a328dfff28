package io.urteil.trainer;

import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Topic;
import java.util.List;
import java.util.Optional;

/**
 * Publishes the events of one run's trainer, each time in one transaction. Opening it fences an
 * earlier trainer of the run and ends its open transaction, so that the topics are final
 * afterwards.
 */
final class TrainerEventPublisher implements AutoCloseable {

  private final EventProducer producer;
  private final String runId;
  private final Transactions transactions;

  TrainerEventPublisher(Namespace place, String runId) {
    this.producer = EventProducer.transactional(place, Trainer.NAME + "-" + runId);
    this.runId = runId;
    this.transactions = new Transactions(producer.kafka(), runId);
  }

  /** Publishes a version, its update, and dead letters of unusable records; all or nothing. */
  void publish(Checkpoint checkpoint, Optional<PolicyUpdate> update, List<DeadLetter> deadLetters) {
    transactions.run(
        () -> {
          producer.send(Topic.CHECKPOINTS, runId, checkpoint);
          producer.send(Topic.CHECKPOINT_HEAD, runId, checkpoint);
          update.ifPresent(event -> producer.send(Topic.UPDATES, runId, event));
          deadLetters.forEach(letter -> producer.send(Topic.DEAD_LETTERS, runId, letter));
        });
  }

  void publish(DeadLetter deadLetter) {
    transactions.run(() -> producer.send(Topic.DEAD_LETTERS, runId, deadLetter));
  }

  @Override
  public void close() {
    producer.close();
  }
}
