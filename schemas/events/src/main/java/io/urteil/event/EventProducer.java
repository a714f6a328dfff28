package io.urteil.event;

import io.micrometer.core.instrument.Metrics;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.metrics.DeadLetterMetrics;
import io.urteil.metrics.KafkaClientMeters;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Sends events to topics. Makes sure, before its first record, that the schemas it writes with are
 * on the {@code schemas} topic. Thread-safe, as the producer within.
 */
public final class EventProducer implements AutoCloseable {

  /** Few, and of use after the producer is closed: never removed. */
  private static final DeadLetterMetrics DEAD_LETTERS =
      new DeadLetterMetrics(Metrics.globalRegistry);

  private final Namespace place;
  private final EventCodec codec;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaClientMeters clientMeters;

  /** A producer whose records count as soon as they are acknowledged. */
  public static EventProducer idempotent(Namespace place) {
    return new EventProducer(place, Map.of());
  }

  /**
   * A producer that sends in transactions; use {@link #kafka()} to begin and commit them. Waits
   * until an earlier producer of this id is fenced off.
   *
   * @throws ClusterAccessException when the client may not use this id
   */
  public static EventProducer transactional(Namespace place, String transactionalId) {
    String id = place.named(transactionalId);
    EventProducer producer =
        new EventProducer(place, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
    try {
      producer.kafka().initTransactions();
      return producer;
    } catch (RuntimeException e) {
      producer.close();
      throw place.explained(e, "transactional id " + id);
    }
  }

  private EventProducer(Namespace place, Map<String, Object> more) {
    this.place = place;
    this.codec = new EventCodec();
    WriterSchemas.publish(place);
    Map<String, Object> settings = KafkaClientSettings.producer(place);
    settings.putAll(more);
    this.producer = new KafkaProducer<>(settings);
    this.clientMeters = KafkaClientMeters.of(producer);
  }

  /** Sends an event; the future completes when all replicas have it. */
  public Future<RecordMetadata> send(Topic topic, String key, SpecificRecord event) {
    count(event);
    return producer.send(new ProducerRecord<>(topic.in(place), key, codec.encode(event)));
  }

  /** As {@link #send}, for callers that go on when the record is acknowledged. */
  public CompletableFuture<RecordMetadata> sendAsync(
      Topic topic, String key, SpecificRecord event) {
    CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
    count(event);
    producer.send(
        new ProducerRecord<>(topic.in(place), key, codec.encode(event)),
        (metadata, error) -> {
          if (error == null) {
            acknowledged.complete(metadata);
          } else {
            acknowledged.completeExceptionally(error);
          }
        });
    return acknowledged;
  }

  /** What a failed send is to be reported as; see {@link Namespace#explained(Throwable)}. */
  public RuntimeException explained(RuntimeException failed) {
    return place.explained(failed, null);
  }

  /** Waits until everything sent is acknowledged. */
  public void flush() {
    producer.flush();
  }

  /** The producer within, for transactions. */
  public KafkaProducer<String, byte[]> kafka() {
    return producer;
  }

  private void count(SpecificRecord event) {
    if (event instanceof DeadLetter letter) {
      DEAD_LETTERS.count(letter.getPart(), letter.getCause());
    }
  }

  @Override
  public void close() {
    clientMeters.close();
    producer.close();
  }
}
