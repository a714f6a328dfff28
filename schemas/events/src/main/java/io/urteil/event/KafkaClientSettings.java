package io.urteil.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Base settings of all Kafka clients, including the user's Kafka properties. Callers add their own
 * settings.
 */
public final class KafkaClientSettings {

  private KafkaClientSettings() {}

  /** Settings of an idempotent producer of UTF-8 keys and encoded events, with {@code acks=all}. */
  public static Map<String, Object> producer(Namespace namespace) {
    Map<String, Object> settings = base(namespace);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 3);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
    settings.putAll(namespace.kafka().forProducer());
    return settings;
  }

  /** Settings of a consumer of committed records from the earliest offset, without auto-commit. */
  public static Map<String, Object> consumer(Namespace namespace) {
    Map<String, Object> settings = base(namespace);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topic.MAX_RECORD_BYTES);
    // Of several partitions together: Kafka's default of 50 MB would fill a small heap.
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 2 * Topic.MAX_RECORD_BYTES);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    settings.putAll(namespace.kafka().forConsumer());
    return settings;
  }

  /** Settings of an admin client whose calls fail after {@code timeout}. */
  public static Map<String, Object> admin(Namespace namespace, Duration timeout) {
    Map<String, Object> settings = base(namespace);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis() / 2);
    settings.putAll(namespace.kafka().forAdmin());
    return settings;
  }

  private static Map<String, Object> base(Namespace namespace) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", namespace.bootstrap());
    settings.put("reconnect.backoff.ms", 50);
    settings.put("reconnect.backoff.max.ms", 1_000);
    settings.put("enable.metrics.push", false);
    return settings;
  }
}
