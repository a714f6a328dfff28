package io.urteil.event;

import static java.util.Objects.requireNonNull;

import io.urteil.kafka.BrokerRequirements;
import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.kafka.ClusterAccessException;
import io.urteil.kafka.UnsupportedBrokerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics of a namespace and rejects unsupported brokers. */
public final class TopicCreator {

  private static final Logger LOGGER = LoggerFactory.getLogger(TopicCreator.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  /** A busy broker takes this long to open the logs of topics that the controller has created. */
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private TopicCreator() {}

  /** A setting in which an existing topic differs from {@link TopicSettings}. */
  public record Difference(String topic, String setting, String found, String expected) {

    /** The difference as a log message. */
    @Override
    public String toString() {
      return "topic %s: %s %s (expected by its settings: %s); the topic was not changed"
          .formatted(topic, setting, found, expected);
    }
  }

  /**
   * Creates the missing topics of {@link Topic}; existing topics are not changed. Several processes
   * may call it concurrently. It requires the right to create topics only if a topic is missing.
   *
   * @return differences between existing topics and {@link TopicSettings}; also logged as warnings
   * @throws BrokerUnreachableException when no broker responds within 8 seconds
   * @throws ClusterAccessException when the brokers deny access
   * @throws UnsupportedBrokerException when the brokers lack a required feature
   * @throws IllegalStateException when the topics that the topology joins by group are not
   *     co-partitioned
   */
  public static List<Difference> create(Namespace namespace) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT))) {
      BrokerRequirements.require(
          namespace.bootstrap(), await(namespace, admin.describeFeatures().featureMetadata()));
      Set<String> existing = await(namespace, admin.listTopics().names());
      List<Topic> missing =
          Arrays.stream(Topic.values())
              .filter(topic -> !existing.contains(topic.in(namespace)))
              .toList();
      if (!missing.isEmpty()) {
        int brokers = await(namespace, admin.describeCluster().nodes()).size();
        admin
            .createTopics(
                missing.stream()
                    .map(topic -> namespace.topics().definition(namespace, topic, brokers))
                    .toList())
            .values()
            .forEach((name, created) -> awaitOrExists(namespace, created, "topic " + name));
      }
      return differences(namespace, admin, awaitTopics(namespace, admin));
    }
  }

  /** Waits for the metadata of new topics, which brokers receive asynchronously. */
  private static Map<String, TopicDescription> awaitTopics(Namespace namespace, Admin admin) {
    List<String> names = Arrays.stream(Topic.values()).map(topic -> topic.in(namespace)).toList();
    long deadline = System.nanoTime() + METADATA_TIMEOUT.toNanos();
    while (true) {
      try {
        return await(namespace, admin.describeTopics(names).allTopicNames());
      } catch (IllegalStateException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      }
    }
  }

  private static List<Difference> differences(
      Namespace namespace, Admin admin, Map<String, TopicDescription> descriptions) {
    requireCoPartitioned(namespace, descriptions);
    List<Difference> differences = new ArrayList<>();
    Map<Topic, Map<String, String>> configured = new EnumMap<>(Topic.class);
    for (Topic topic : Topic.values()) {
      TopicSettings.Overrides set = namespace.topics().overrides(topic);
      List<TopicPartitionInfo> partitions = partitions(namespace, topic, descriptions);
      compare(topic.in(namespace), "partitions", partitions.size(), set.partitions(), differences);
      compare(
          topic.in(namespace),
          "replication",
          partitions.getFirst().replicas().size(),
          set.replication(),
          differences);
      Map<String, String> configuration = namespace.topics().overridden(topic);
      if (!configuration.isEmpty()) {
        configured.put(topic, configuration);
      }
    }
    compare(namespace, admin, configured, differences);
    compareTimestamps(namespace, admin, differences);
    differences.forEach(difference -> LOGGER.atWarn().log("{}", difference));
    return List.copyOf(differences);
  }

  /** Topics that others created may carry the clocks of producers; see {@link Topic}. */
  private static void compareTimestamps(
      Namespace namespace, Admin admin, List<Difference> differences) {
    Map<Topic, Map<String, String>> expected = new EnumMap<>(Topic.class);
    for (Topic topic : Topic.values()) {
      if (topic.hasBrokerTime()) {
        expected.put(
            topic, Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, Topic.LOG_APPEND_TIME));
      }
    }
    try {
      compare(namespace, admin, expected, differences);
    } catch (ClusterAccessException e) {
      LOGGER
          .atDebug()
          .addKeyValue("error", e.getMessage())
          .log("timestamp types of the topics are unknown: no right to describe configurations");
    }
  }

  private static List<TopicPartitionInfo> partitions(
      Namespace namespace, Topic topic, Map<String, TopicDescription> descriptions) {
    return requireNonNull(descriptions.get(topic.in(namespace)), topic.in(namespace)).partitions();
  }

  private static void compare(
      Namespace namespace,
      Admin admin,
      Map<Topic, Map<String, String>> configured,
      List<Difference> differences) {
    if (configured.isEmpty()) {
      return;
    }
    Map<ConfigResource, Config> found =
        await(
            namespace,
            admin
                .describeConfigs(
                    configured.keySet().stream().map(t -> resource(namespace, t)).toList())
                .all());
    configured.forEach(
        (topic, settings) ->
            settings.forEach(
                (name, expected) -> {
                  Config config = found.get(resource(namespace, topic));
                  ConfigEntry entry = config == null ? null : config.get(name);
                  compare(
                      topic.in(namespace),
                      name,
                      entry == null ? "(unknown)" : entry.value(),
                      expected,
                      differences);
                }));
  }

  private static void compare(
      String topic,
      String setting,
      Object found,
      @Nullable Object expected,
      List<Difference> differences) {
    if (expected != null && !expected.equals(found)) {
      differences.add(new Difference(topic, setting, found.toString(), expected.toString()));
    }
  }

  private static ConfigResource resource(Namespace namespace, Topic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.in(namespace));
  }

  private static void requireCoPartitioned(
      Namespace namespace, Map<String, TopicDescription> descriptions) {
    SortedMap<String, Integer> partitions = new TreeMap<>();
    for (Topic topic : TopicSettings.CO_PARTITIONED) {
      partitions.put(topic.in(namespace), partitions(namespace, topic, descriptions).size());
    }
    if (Set.copyOf(partitions.values()).size() > 1) {
      throw new IllegalStateException(
          "partitions: %s at %s (expected: the same number, because the topology joins these topics)"
              .formatted(partitions, namespace.bootstrap()));
    }
  }

  /**
   * Configures a share group before its first member joins: earliest offset, read committed.
   *
   * @param group full group name
   * @param lock duration of a record lock
   * @param deliveryLimit maximum number of deliveries of a record
   */
  public static void configureShareGroup(
      Namespace namespace, String group, Duration lock, int deliveryLimit) {
    Map<String, String> settings =
        Map.of(
            "share.auto.offset.reset",
            "earliest",
            "share.isolation.level",
            "read_committed",
            "share.record.lock.duration.ms",
            "" + lock.toMillis(),
            "share.delivery.count.limit",
            "" + deliveryLimit);
    List<AlterConfigOp> operations =
        settings.entrySet().stream()
            .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
            .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
            .toList();
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT))) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
      await(
          namespace,
          admin.incrementalAlterConfigs(Map.of(resource, operations)).all(),
          "group " + group);
    }
  }

  /** The end offset of each partition, after the last record, committed or not. */
  public static Map<TopicPartition, Long> ends(
      Namespace namespace, List<TopicPartition> partitions) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT))) {
      Map<TopicPartition, OffsetSpec> latest =
          partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      return await(namespace, admin.listOffsets(latest).all()).entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }
  }

  private static void awaitOrExists(
      Namespace namespace, KafkaFuture<Void> created, String resource) {
    try {
      await(namespace, created, resource);
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /**
   * The id of the cluster of a namespace.
   *
   * @throws BrokerUnreachableException when no broker responds
   */
  public static String clusterId(Namespace namespace) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT))) {
      return await(namespace, admin.describeCluster().clusterId());
    }
  }

  static <T> T await(Namespace namespace, KafkaFuture<T> future) {
    return await(namespace, future, null);
  }

  /**
   * Waits for a response of the brokers.
   *
   * @param resource the requested resource, for the message about a missing ACL
   */
  static <T> T await(Namespace namespace, KafkaFuture<T> future, @Nullable String resource) {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unreachable(namespace, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException cause) {
        throw unreachable(namespace, cause);
      }
      throw namespace.explained(
          new IllegalStateException(
              "Kafka at " + namespace.bootstrap() + " rejected the request: " + e.getMessage(),
              e.getCause()),
          resource);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Kafka", e);
    }
  }

  private static BrokerUnreachableException unreachable(Namespace namespace, Throwable cause) {
    return new BrokerUnreachableException(
        "bootstrap: no Kafka broker responded at '%s' within %d s (expected: a running broker)"
            .formatted(namespace.bootstrap(), TIMEOUT.toSeconds()),
        cause);
  }
}
