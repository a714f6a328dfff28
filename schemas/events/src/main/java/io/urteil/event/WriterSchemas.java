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

  /** Minimum time between two looks for unknown fingerprints. */
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final int FINGERPRINT_DIGITS = 16;
  private static final Set<String> PUBLISHED = ConcurrentHashMap.newKeySet();

  private final Namespace namespace;
  private final Duration interval;
  private final Map<Long, Schema> found = new ConcurrentHashMap<>();
  private long lookedAt;
  private long next;

  /** The schemas of this namespace. */
  public WriterSchemas(Namespace namespace) {
    this(namespace, INTERVAL);
  }

  WriterSchemas(Namespace namespace, Duration interval) {
    this.namespace = namespace;
    this.interval = interval;
    this.lookedAt = System.nanoTime() - interval.toNanos();
  }

  /** The offset after the last record that was read. */
  synchronized long next() {
    return next;
  }

  /**
   * The schema of a fingerprint; null if none is known. Reads only what was appended to the topic
   * since the last look, and not with each unknown fingerprint: records may have any.
   */
  @Override
  public synchronized @Nullable Schema apply(long fingerprint) {
    Schema known = found.get(fingerprint);
    if (known != null || System.nanoTime() - lookedAt < interval.toNanos()) {
      return known;
    }
    next =
        EventLog.scanRecords(
            namespace,
            Topic.SCHEMAS,
            next,
            record ->
                schema(record.key(), record.value())
                    .ifPresent(schema -> found.put(EventCodec.fingerprint(schema), schema)));
    lookedAt = System.nanoTime();
    return found.get(fingerprint);
  }

  /**
   * The schema with this text. Empty if it is not that of the fingerprint, or no schema, also for a
   * tombstone: events of the fingerprint are then reported as undecodable.
   *
   * @param fingerprint the key of the record
   */
  static Optional<Schema> schema(@Nullable String fingerprint, byte @Nullable [] text) {
    if (text == null || text.length > Topic.MAX_SCHEMA_BYTES || !isFingerprint(fingerprint)) {
      return Optional.empty();
    }
    try {
      Schema schema = new Schema.Parser().parse(new String(text, StandardCharsets.UTF_8));
      return Optional.of(schema).filter(parsed -> key(parsed).equals(fingerprint));
    } catch (RuntimeException | StackOverflowError e) {
      return Optional.empty();
    }
  }

  private static boolean isFingerprint(@Nullable String key) {
    return key != null
        && key.length() == FINGERPRINT_DIGITS
        && key.chars().allMatch(digit -> Character.digit(digit, 16) >= 0);
  }

  private static String key(Schema schema) {
    return "%016x".formatted(EventCodec.fingerprint(schema));
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
    EventLog.scanRecords(
        namespace,
        Topic.SCHEMAS,
        0,
        record -> {
          // The last record of a key remains.
          if (schema(record.key(), record.value()).isPresent()) {
            present.add(record.key());
          } else {
            present.remove(record.key());
          }
        });
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(namespace))) {
      for (Schema schema : EventCodec.EVENTS) {
        String key = key(schema);
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
