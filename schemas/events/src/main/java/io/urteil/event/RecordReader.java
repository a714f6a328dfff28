package io.urteil.event;

import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads single records by position, with one seek per record. Created by {@link EventLog}. Not
 * thread-safe; closes its consumer. To read many rollouts, use {@link RolloutReader}.
 */
public final class RecordReader implements AutoCloseable {

  /** A short fetch wait: the requested record is available at once or never. */
  static final Map<String, Object> SETTINGS =
      Map.of("max.poll.records", 1, "auto.offset.reset", "none", "fetch.max.wait.ms", 5);

  private static final Duration POLL = Duration.ofMillis(200);

  private final Namespace namespace;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final Duration timeout;

  RecordReader(Namespace namespace, KafkaConsumer<String, byte[]> consumer, Duration timeout) {
    this.namespace = namespace;
    this.consumer = consumer;
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.timeout = timeout;
  }

  /**
   * The record at a position; empty if it does not exist or was deleted.
   *
   * @throws BrokerUnreachableException when no record arrives within the timeout
   */
  public Optional<ConsumerRecord<String, byte[]>> read(RecordPosition position) {
    TopicPartition partition = position.inPartition();
    boolean exists =
        consumer.partitionsFor(position.topic()).stream()
            .anyMatch(found -> found.partition() == position.partition());
    if (!exists) {
      return Optional.empty();
    }
    consumer.assign(List.of(partition));
    long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    if (position.offset() < first || position.offset() >= end) {
      return Optional.empty();
    }
    consumer.seek(partition, position.offset());
    long deadline = System.nanoTime() + timeout.toNanos();
    while (consumer.position(partition) <= position.offset()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        return record.offset() == position.offset() ? Optional.of(record) : Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        throw new BrokerUnreachableException(
            "%s: no record from %s within %d s (expected: a reachable broker)"
                .formatted(position, namespace.bootstrap(), timeout.toSeconds()));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    clientMeters.close();
    consumer.close();
  }
}
