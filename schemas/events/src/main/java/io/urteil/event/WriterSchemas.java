package io.urteil.event;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Resolves writer schemas from the {@code schemas} topic, which maps fingerprints (16 hexadecimal
 * digits) to schema texts. Producers publish their schemas there before their first record, so
 * older and newer readers can decode it. Thread-safe.
 */
public final class WriterSchemas implements LongFunction<@Nullable Schema> {

  /** Minimum time between two scans for unknown fingerprints. */
  private static final Duration SCAN_INTERVAL = Duration.ofSeconds(5);

  private static final Set<String> PUBLISHED = ConcurrentHashMap.newKeySet();

  private final Namespace namespace;
  private final Map<Long, Schema> found = new ConcurrentHashMap<>();
  private long lastScanNanos = System.nanoTime() - SCAN_INTERVAL.toNanos();

  /** The schemas of this namespace. */
  public WriterSchemas(Namespace namespace) {
    this.namespace = namespace;
  }

  @Override
  public synchronized @Nullable Schema apply(long fingerprint) {
    Schema known = found.get(fingerprint);
    if (known != null || System.nanoTime() - lastScanNanos < SCAN_INTERVAL.toNanos()) {
      return known;
    }
    EventLog.scanRecords(
        namespace,
        Topic.SCHEMAS,
        record -> schema(record.value()).ifPresent(s -> found.put(EventCodec.fingerprint(s), s)));
    lastScanNanos = System.nanoTime();
    return found.get(fingerprint);
  }

  /**
   * The schema with this text. Empty if it is no schema, also for a tombstone: events of its
   * fingerprint are then reported as undecodable.
   */
  static Optional<Schema> schema(byte @Nullable [] text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Schema.Parser().parse(new String(text, StandardCharsets.UTF_8)));
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  /**
   * Publishes the missing schemas of {@link EventCodec#EVENTS} and waits for their acknowledgement.
   *
   * @throws io.urteil.kafka.ClusterAccessException when this client has no write access
   */
  public static void publish(Namespace namespace) {
    String cluster = namespace.bootstrap() + "/" + namespace.prefix();
    if (PUBLISHED.contains(cluster)) {
      return;
    }
    Set<String> present = new HashSet<>();
    EventLog.scanRecords(namespace, Topic.SCHEMAS, record -> present.add(record.key()));
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(namespace))) {
      for (Schema schema : EventCodec.EVENTS) {
        String key = "%016x".formatted(EventCodec.fingerprint(schema));
        if (!present.contains(key)) {
          byte[] text = schema.toString().getBytes(StandardCharsets.UTF_8);
          sent.add(producer.send(new ProducerRecord<>(Topic.SCHEMAS.in(namespace), key, text)));
        }
      }
    }
    for (Future<RecordMetadata> one : sent) {
      requireAcknowledged(namespace, one);
    }
    PUBLISHED.add(cluster);
  }

  private static void requireAcknowledged(Namespace namespace, Future<RecordMetadata> sent) {
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw namespace.explained(
          new IllegalStateException(
              "cannot publish schemas to " + Topic.SCHEMAS.in(namespace), e.getCause()),
          null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing schemas", e);
    }
  }
}
