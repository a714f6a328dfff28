package io.urteil.topology;

import io.urteil.event.RecordPosition;
import io.urteil.kafka.KafkaFailures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one record from stopping the topology, whatever is wrong with it or with the code that
 * processes it:
 *
 * <ul>
 *   <li>A failure before any state changed is a dead letter, and the stream continues.
 *   <li>A failure after that aborts the transaction. The record is processed again by a new thread;
 *       after two such failures it is set aside with a dead letter.
 *   <li>A failure of Kafka is not the record's; it is passed on.
 * </ul>
 *
 * Remembers failures as long as the process runs. Thread-safe.
 */
final class RecordFence {

  private static final Logger LOGGER = LoggerFactory.getLogger(RecordFence.class);
  private static final int MAX_FAILURES = 2;
  private static final int MAX_REMEMBERED = 10_000;
  private static final int MAX_CAUSES = 32;

  /** A step failed at a record after it had changed its state. */
  static final class RecordFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private RecordFailure(RecordPosition position, Throwable cause) {
      super("failed at %s: %s".formatted(position, cause), cause);
    }
  }

  private record Failures(int count, String last) {}

  private final Map<RecordPosition, Failures> failures =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordPosition, Failures> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  /** The message about a record that must be set aside; empty if it is to be processed. */
  synchronized Optional<String> failedTooOften(RecordPosition position) {
    Failures known = failures.get(position);
    return known == null || known.count() < MAX_FAILURES
        ? Optional.empty()
        : Optional.of("failed %d times, last: %s".formatted(known.count(), known.last()));
  }

  /** The message about a record that failed before any state changed. */
  static String rejected(RecordPosition position, Throwable failure) {
    LOGGER
        .atError()
        .addKeyValue("record", position)
        .setCause(failure)
        .log("record set aside: cannot be processed");
    return "failed: " + failure;
  }

  /** Counts a failure after state changed, which the caller throws. */
  synchronized RecordFailure failed(RecordPosition position, Throwable failure) {
    int count = failures.getOrDefault(position, new Failures(0, "")).count() + 1;
    failures.put(position, new Failures(count, failure.toString()));
    return new RecordFailure(position, failure);
  }

  /** Whether the exception is a counted failure, after which a new thread can continue. */
  static boolean isCounted(Throwable thrown) {
    return chainHas(thrown, RecordFailure.class);
  }

  /** Whether the failure is none of the record's: of Kafka, or an interruption of the thread. */
  static boolean isOfKafka(Throwable thrown) {
    return KafkaFailures.isOfKafka(thrown) || chainHas(thrown, InterruptedException.class);
  }

  private static boolean chainHas(Throwable thrown, Class<? extends Throwable> type) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (type.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
