package io.urteil.trainer;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs sends in transactions of one producer. A transaction that fails is aborted and repeated; one
 * whose producer was fenced off, or may not write, is not. For one thread.
 */
final class Transactions {

  private static final Logger LOGGER = LoggerFactory.getLogger(Transactions.class);
  private static final int ATTEMPTS = 5;

  private final Producer<String, byte[]> producer;
  private final Retry transactions;
  private final Retry commits;

  Transactions(Producer<String, byte[]> producer, String runId) {
    this.producer = producer;
    this.transactions =
        Retry.of(
            "transactions",
            attempts()
                .retryExceptions(KafkaException.class)
                .ignoreExceptions(
                    ProducerFencedException.class,
                    OutOfOrderSequenceException.class,
                    AuthorizationException.class)
                .build());
    transactions
        .getEventPublisher()
        .onRetry(
            event -> {
              LOGGER
                  .atWarn()
                  .addKeyValue("runId", runId)
                  .addKeyValue("error", event.getLastThrowable().toString())
                  .log("transaction aborted, retrying");
              producer.abortTransaction();
            });
    // A commit that timed out may have succeeded; repeating it is safe and returns the outcome.
    this.commits = Retry.of("commits", attempts().retryExceptions(TimeoutException.class).build());
  }

  /** Without a pause: the producer has waited before it throws. */
  private static RetryConfig.Builder<Object> attempts() {
    return RetryConfig.custom().maxAttempts(ATTEMPTS).waitDuration(Duration.ZERO);
  }

  /**
   * Returns when what {@code sends} sends is committed.
   *
   * @throws IllegalStateException when the outcome of a commit is unknown
   * @throws KafkaException when it was not committed
   */
  void run(Runnable sends) {
    transactions.executeRunnable(
        () -> {
          producer.beginTransaction();
          sends.run();
          commit();
        });
  }

  private void commit() {
    try {
      commits.executeRunnable(producer::commitTransaction);
    } catch (TimeoutException e) {
      throw new IllegalStateException("commit not acknowledged; the outcome is unknown", e);
    }
  }
}
