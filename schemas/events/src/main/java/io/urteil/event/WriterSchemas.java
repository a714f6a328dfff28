package io.urteil.event;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The {@code schemas} topic: fingerprint (16 hexadecimal digits) to schema text. Producers put
 * their schemas there before their first record, so that a reader built before or after them can
 * resolve what they wrote. Thread-safe.
 */
public final class WriterSchemas implements LongFunction<@Nullable Schema> {

  /** Unknown fingerprints are looked for again after this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Set<String> PUBLISHED = ConcurrentHashMap.newKeySet();

  private final Namespace place;
  private final Map<Long, Schema> found = new ConcurrentHashMap<>();
  private long lastScanNanos = System.nanoTime() - PATIENCE.toNanos();

  /** Schemas of this tenant. */
  public WriterSchemas(Namespace place) {
    this.place = place;
  }

  @Override
  public synchronized @Nullable Schema apply(long fingerprint) {
    Schema known = found.get(fingerprint);
    if (known != null || System.nanoTime() - lastScanNanos < PATIENCE.toNanos()) {
      return known;
    }
    EventLog.scanRecords(
        place,
        Topic.SCHEMAS,
        record -> {
          try {
            Schema schema =
                new Schema.Parser().parse(new String(record.value(), StandardCharsets.UTF_8));
            found.put(EventCodec.fingerprint(schema), schema);
          } catch (AvroRuntimeException e) {
            // Not a schema: whatever was written with it stays unreadable and says so itself.
          }
        });
    lastScanNanos = System.nanoTime();
    return found.get(fingerprint);
  }

  /**
   * Puts every schema of {@link EventCodec#EVENTS} on the topic that is not yet there, and waits
   * until all are acknowledged.
   *
   * @throws io.urteil.kafka.ClusterAccessException when this client may not write there
   */
  public static void publish(Namespace place) {
    String namespace = place.bootstrap() + "/" + place.prefix();
    if (PUBLISHED.contains(namespace)) {
      return;
    }
    Set<String> present = new HashSet<>();
    EventLog.scanRecords(place, Topic.SCHEMAS, record -> present.add(record.key()));
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(KafkaClientSettings.producer(place))) {
      for (Schema schema : EventCodec.EVENTS) {
        String key = "%016x".formatted(EventCodec.fingerprint(schema));
        if (!present.contains(key)) {
          byte[] text = schema.toString().getBytes(StandardCharsets.UTF_8);
          sent.add(producer.send(new ProducerRecord<>(Topic.SCHEMAS.in(place), key, text)));
        }
      }
    }
    for (Future<RecordMetadata> one : sent) {
      requireAcknowledged(place, one);
    }
    PUBLISHED.add(namespace);
  }

  private static void requireAcknowledged(Namespace place, Future<RecordMetadata> sent) {
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw place.explained(
          new IllegalStateException(
              "publishing schemas on " + Topic.SCHEMAS.in(place), e.getCause()),
          null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while publishing schemas", e);
    }
  }
}
