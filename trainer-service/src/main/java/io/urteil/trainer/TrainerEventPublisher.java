package io.urteil.trainer;

import io.urteil.event.Checkpoint;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Publishes the events of one run's trainer, each time in one transaction. Opening it fences an
 * earlier trainer of the run and ends its open transaction, so that the topics are final
 * afterwards.
 */
final class TrainerEventPublisher implements AutoCloseable {

  /** In one transaction. */
  private static final int MOST_LETTERS = 500;

  private final EventProducer producer;
  private final String runId;
  private final Transactions transactions;
  private final List<DeadLetter> letters = new ArrayList<>();

  TrainerEventPublisher(Namespace place, String runId) {
    this.producer = EventProducer.transactional(place, Trainer.NAME + "-" + runId);
    this.runId = runId;
    this.transactions = new Transactions(producer.kafka(), runId);
  }

  /**
   * Publishes a version, its update, and dead letters of unusable records, those that were {@link
   * #add}ed before included; all or nothing.
   */
  void publish(Checkpoint checkpoint, Optional<PolicyUpdate> update, List<DeadLetter> deadLetters) {
    letters.addAll(deadLetters);
    List<DeadLetter> all = List.copyOf(letters);
    transactions.run(
        () -> {
          producer.send(Topic.CHECKPOINTS, runId, checkpoint);
          producer.send(Topic.CHECKPOINT_HEAD, runId, checkpoint);
          update.ifPresent(event -> producer.send(Topic.UPDATES, runId, event));
          all.forEach(letter -> producer.send(Topic.DEAD_LETTERS, runId, letter));
        });
    letters.clear();
  }

  /**
   * Publishes a dead letter, together with others: at the next {@link #flush}, or when they are
   * many. A transaction for each would take longer than a client needs to write such records. If
   * the process ends before, the records are read again, and so are their letters.
   */
  void add(DeadLetter deadLetter) {
    letters.add(deadLetter);
    if (letters.size() >= MOST_LETTERS) {
      flush();
    }
  }

  /** Publishes the dead letters that are added and not yet published. */
  void flush() {
    if (!letters.isEmpty()) {
      List<DeadLetter> all = List.copyOf(letters);
      transactions.run(
          () -> all.forEach(letter -> producer.send(Topic.DEAD_LETTERS, runId, letter)));
      letters.clear();
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
