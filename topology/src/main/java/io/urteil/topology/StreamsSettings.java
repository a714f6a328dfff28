package io.urteil.topology;

import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Settings of Kafka Streams: exactly-once, low latency, records of up to 8 MiB. */
final class StreamsSettings {

  /** Replication factor of internal topics: the default of the brokers. */
  static final int BROKER_DEFAULT = -1;

  private static final int BATCH_BYTES = 128 << 10;

  /**
   * Bytes fetched per partition. Streams processes the fetched records of one partition after the
   * other before the next poll, so larger fetches delay judgements of other partitions. A larger
   * record is fetched alone.
   */
  private static final int FETCH_BYTES = 256 << 10;

  /** Record cache for headers and members of open groups. */
  private static final long CACHE_BYTES = 64L << 20;

  private static final List<String> CLIENT_PREFIXES =
      List.of(
          StreamsConfig.CONSUMER_PREFIX,
          StreamsConfig.MAIN_CONSUMER_PREFIX,
          StreamsConfig.PRODUCER_PREFIX);

  private StreamsSettings() {}

  /** The state directory. */
  static Path directory(Namespace namespace) {
    return namespace.dataDirectory().resolve("streams");
  }

  /**
   * The configuration of Kafka Streams.
   *
   * @param instanceId static membership id of this process; Streams appends the thread number
   * @param replication replication factor of internal topics
   */
  static Properties of(
      Namespace namespace, TopologySettings settings, String instanceId, int replication) {
    Properties streams = new Properties();
    streams.putAll(namespace.kafka().all());
    streams.put(StreamsConfig.APPLICATION_ID_CONFIG, namespace.named(TopologyComponent.NAME));
    streams.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, namespace.bootstrap());
    streams.put(StreamsConfig.STATE_DIR_CONFIG, directory(namespace).toString());
    streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    streams.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    // A longer poll would delay a due commit.
    streams.put(
        StreamsConfig.POLL_MS_CONFIG, Math.max(1, settings.commitInterval().toMillis() / 2));
    streams.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, LogTime.class);
    // Groups accept events in any order, so no partition has to wait for another.
    streams.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
    streams.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    streams.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replication);
    streams.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    streams.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    streams.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    streams.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
    streams.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), Topic.MAX_RECORD_BYTES);
    streams.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        (int) settings.sessionTimeout().toMillis());
    streams.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        (int) settings.sessionTimeout().toMillis() / 4);
    streams.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instanceId);
    streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    streams.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        FETCH_BYTES);
    streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 100);
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topic.MAX_RECORD_BYTES);
    // Records are visible only after the commit, which flushes them anyway: fewer, larger requests.
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
        settings.commitInterval().toMillis());
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    // Outcomes and changelogs repeat ids and names: compression more than halves them.
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // After a rejected request, later ones in flight would be rejected as out of sequence.
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    // The broker rejects the first request of a transaction while it writes the previous markers.
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 200);
    streams.putIfAbsent("reconnect.backoff.ms", 50);
    streams.putIfAbsent("reconnect.backoff.max.ms", 1_000);
    preferGiven(streams, namespace.kafka().all());
    return streams;
  }

  /** The user's Kafka properties take precedence over prefixed settings of this class. */
  private static void preferGiven(Properties streams, Map<String, String> given) {
    given.forEach(
        (key, value) -> {
          for (String prefix : CLIENT_PREFIXES) {
            streams.computeIfPresent(prefix + key, (prefixed, set) -> value);
          }
        });
  }
}
