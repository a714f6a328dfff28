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
 * Settings that every Kafka client of Urteil starts from, with the properties that the user gives;
 * callers add what they need.
 */
public final class KafkaClientSettings {

  private KafkaClientSettings() {}

  /** Idempotent producer of UTF-8 keys and encoded events, acknowledged by all replicas. */
  public static Map<String, Object> producer(Namespace place) {
    Map<String, Object> settings = base(place);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 3);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
    settings.putAll(place.kafka().forProducer());
    return settings;
  }

  /** Reader of committed records from the earliest, without a group and without auto commit. */
  public static Map<String, Object> consumer(Namespace place) {
    Map<String, Object> settings = base(place);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topic.MAX_RECORD_BYTES);
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    settings.putAll(place.kafka().forConsumer());
    return settings;
  }

  /** Administration, giving up after {@code patience}. */
  public static Map<String, Object> admin(Namespace place, Duration patience) {
    Map<String, Object> settings = base(place);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis() / 2);
    settings.putAll(place.kafka().forAdmin());
    return settings;
  }

  private static Map<String, Object> base(Namespace place) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", place.bootstrap());
    settings.put("reconnect.backoff.ms", 50);
    settings.put("reconnect.backoff.max.ms", 1_000);
    settings.put("enable.metrics.push", false);
    return settings;
  }
}
