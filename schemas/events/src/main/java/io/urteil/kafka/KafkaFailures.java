package io.urteil.kafka;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** The one rule about failures that are Kafka's, and not those of the record being processed. */
public final class KafkaFailures {

  private static final int MAX_CAUSES = 32;

  private KafkaFailures() {}

  /**
   * Whether Kafka failed, or the connection to it. Such a failure is unrelated to the record: no
   * dead letter may follow from it. A record that is too large or cannot be serialised is the
   * record's own failure.
   */
  public static boolean isOfKafka(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      if (isOfRecord(cause)) {
        return false;
      }
      if (isKafka(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * Whether nothing but Kafka and the transport to it failed, so that another try may succeed. A
   * denied access does not pass by itself.
   */
  public static boolean mayPass(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      boolean denied =
          cause instanceof AuthenticationException
              || cause instanceof AuthorizationException
              || cause instanceof ClusterAccessException;
      boolean ofTransport =
          cause instanceof ExecutionException
              || cause instanceof TimeoutException
              || cause instanceof IOException;
      if (denied || isOfRecord(cause) || !(isKafka(cause) || ofTransport)) {
        return false;
      }
      cause = cause.getCause();
    }
    return true;
  }

  private static boolean isKafka(Throwable cause) {
    return cause instanceof KafkaException
        || cause instanceof BrokerUnreachableException
        || cause instanceof ClusterAccessException;
  }

  private static boolean isOfRecord(Throwable cause) {
    return cause instanceof RecordTooLargeException
        || cause instanceof RecordBatchTooLargeException
        || cause instanceof SerializationException;
  }
}
