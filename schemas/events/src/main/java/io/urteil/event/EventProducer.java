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
 * Publishes events. Before its first record it ensures that the schemas of its events are on the
 * {@code schemas} topic. Thread-safe, as the wrapped producer.
 */
public final class EventProducer implements AutoCloseable {

  /** Never removed: there are few, and they are still scraped after the producer is closed. */
  private static final DeadLetterMetrics DEAD_LETTERS =
      new DeadLetterMetrics(Metrics.globalRegistry);

  private final Namespace namespace;
  private final EventCodec codec;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaClientMeters clientMeters;

  /** An idempotent producer without transactions. */
  public static EventProducer idempotent(Namespace namespace) {
    return new EventProducer(namespace, Map.of());
  }

  /**
   * A transactional producer; the caller begins and commits transactions through {@link #kafka()}.
   * Blocks until earlier producers of this id are fenced.
   *
   * @param transactionalId without the topic prefix
   * @throws ClusterAccessException when the client is not authorised for this id
   */
  public static EventProducer transactional(Namespace namespace, String transactionalId) {
    String id = namespace.named(transactionalId);
    EventProducer producer =
        new EventProducer(namespace, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
    try {
      producer.kafka().initTransactions();
      return producer;
    } catch (RuntimeException e) {
      producer.close();
      throw namespace.explained(e, "transactional id " + id);
    }
  }

  private EventProducer(Namespace namespace, Map<String, Object> more) {
    this.namespace = namespace;
    this.codec = new EventCodec();
    WriterSchemas.publish(namespace);
    Map<String, Object> settings = KafkaClientSettings.producer(namespace);
    settings.putAll(more);
    this.producer = new KafkaProducer<>(settings);
    this.clientMeters = KafkaClientMeters.of(producer);
  }

  /** Where it publishes. */
  public Namespace namespace() {
    return namespace;
  }

  /** Sends an event; the future completes when all in-sync replicas have it. */
  public Future<RecordMetadata> send(Topic topic, String key, SpecificRecord event) {
    count(event);
    return producer.send(new ProducerRecord<>(topic.in(namespace), key, codec.encode(event)));
  }

  /** As {@link #send}; the future completes on the producer's I/O thread. */
  public CompletableFuture<RecordMetadata> sendAsync(
      Topic topic, String key, SpecificRecord event) {
    CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
    count(event);
    producer.send(
        new ProducerRecord<>(topic.in(namespace), key, codec.encode(event)),
        (metadata, error) -> {
          if (error == null) {
            acknowledged.complete(metadata);
          } else {
            acknowledged.completeExceptionally(error);
          }
        });
    return acknowledged;
  }

  /** The exception that explains a failed send; see {@link Namespace#explained(Throwable)}. */
  public RuntimeException explained(RuntimeException failed) {
    return namespace.explained(failed, null);
  }

  /** Blocks until all sent records are acknowledged or have failed. */
  public void flush() {
    producer.flush();
  }

  /** The wrapped producer, for transactions. */
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
