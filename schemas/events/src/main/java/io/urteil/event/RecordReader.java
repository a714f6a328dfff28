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
 * Reads single records by position, one seek each. Made by {@link EventLog}. Not thread-safe;
 * closes its consumer. For many rollouts at once see {@link RolloutReader}.
 */
public final class RecordReader implements AutoCloseable {

  /** One record is wanted, and it is there or not: nothing is waited for. */
  static final Map<String, Object> SETTINGS =
      Map.of("max.poll.records", 1, "auto.offset.reset", "none", "fetch.max.wait.ms", 5);

  private static final Duration POLL = Duration.ofMillis(200);

  private final Namespace place;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final Duration patience;

  RecordReader(Namespace place, KafkaConsumer<String, byte[]> consumer, Duration patience) {
    this.place = place;
    this.consumer = consumer;
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.patience = patience;
  }

  /**
   * The record at a position; empty when there is none, or none any more.
   *
   * @throws BrokerUnreachableException when the brokers do not answer for as long as its patience
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
    long deadline = System.nanoTime() + patience.toNanos();
    while (consumer.position(partition) <= position.offset()) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        return record.offset() == position.offset() ? Optional.of(record) : Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        throw new BrokerUnreachableException(
            "%s: nothing came from %s within %d s (expected: a record)"
                .formatted(position, place.bootstrap(), patience.toSeconds()));
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
