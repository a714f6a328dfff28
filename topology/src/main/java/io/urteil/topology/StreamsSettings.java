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

/** Settings of Kafka Streams: exactly once, at low latency, records of up to 8 MB. */
final class StreamsSettings {

  /** Replicas of internal topics: as many as the brokers' own default. */
  static final int BROKER_DEFAULT = -1;

  private static final int BATCH_BYTES = 128 << 10;

  /**
   * What one poll gives out is taken from one partition after the other as they were fetched, and
   * processed whole before the next poll: with much of each, a judgement waits for a turn of all
   * partitions. A record that is larger comes by itself.
   */
  private static final int FETCH_BYTES = 256 << 10;

  /** For the members and headers of groups whose judgements are under way. */
  private static final long CACHE_BYTES = 64L << 20;

  private static final List<String> CLIENT_PREFIXES =
      List.of(
          StreamsConfig.CONSUMER_PREFIX,
          StreamsConfig.MAIN_CONSUMER_PREFIX,
          StreamsConfig.PRODUCER_PREFIX);

  private StreamsSettings() {}

  /** Where stores are kept. */
  static Path directory(Namespace place) {
    return place.dataDirectory().resolve("streams");
  }

  /**
   * @param instanceId names this process to the group; a thread's number is put behind it
   * @param replication of internal topics
   */
  static Properties of(
      Namespace place, TopologySettings settings, String instanceId, int replication) {
    Properties streams = new Properties();
    streams.putAll(place.kafka().all());
    streams.put(StreamsConfig.APPLICATION_ID_CONFIG, place.named(TopologyComponent.NAME));
    streams.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, place.bootstrap());
    streams.put(StreamsConfig.STATE_DIR_CONFIG, directory(place).toString());
    streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    streams.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    // A poll that waits longer than this holds back the commit that is due.
    streams.put(
        StreamsConfig.POLL_MS_CONFIG, Math.max(1, settings.commitInterval().toMillis() / 2));
    // The groups take events in any order, so no partition need wait for another.
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
    // Nothing is seen before the transaction ends, which sends what lingers: fewer, larger
    // requests.
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
        settings.commitInterval().toMillis());
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    // Outcomes and changelogs repeat ids and names: they shrink to less than half.
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // Requests sent behind one that is turned away would be turned away too, as out of sequence.
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    // The next transaction's first request is turned away while the last one's markers are written.
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 200);
    streams.putIfAbsent("reconnect.backoff.ms", 50);
    streams.putIfAbsent("reconnect.backoff.max.ms", 1_000);
    preferGiven(streams, place.kafka().all());
    return streams;
  }

  /** What the user gives wins over what is set here for one kind of client. */
  private static void preferGiven(Properties streams, Map<String, String> given) {
    given.forEach(
        (key, value) -> {
          for (String prefix : CLIENT_PREFIXES) {
            streams.computeIfPresent(prefix + key, (prefixed, set) -> value);
          }
        });
  }
}
