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
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics of a tenant, and refuses brokers that cannot be used, with the reason. */
public final class TopicCreator {

  private static final Logger LOGGER = LoggerFactory.getLogger(TopicCreator.class);
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private TopicCreator() {}

  /** A topic that exists and is not as its settings say. */
  public record Difference(String topic, String setting, String found, String expected) {

    /** The difference for people. */
    @Override
    public String toString() {
      return "topic %s: %s %s (expected, by its settings: %s); it is not changed"
          .formatted(topic, setting, found, expected);
    }
  }

  /**
   * Creates every topic of {@link Topic} that is missing; existing topics are not changed. Safe to
   * call from several processes at once. Needs no right to create anything when all of them exist.
   *
   * @return where existing topics differ from what {@link TopicSettings} sets; also logged
   * @throws BrokerUnreachableException when no broker answers within 8 seconds
   * @throws ClusterAccessException when the brokers refuse this client
   * @throws UnsupportedBrokerException when the brokers lack a feature that Urteil needs
   * @throws IllegalStateException when the partitions of the topics that the topology reads by
   *     group do not correspond
   */
  public static List<Difference> create(Namespace place) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      BrokerRequirements.require(
          place.bootstrap(), await(place, admin.describeFeatures().featureMetadata()));
      Set<String> existing = await(place, admin.listTopics().names());
      List<Topic> missing =
          Arrays.stream(Topic.values())
              .filter(topic -> !existing.contains(topic.in(place)))
              .toList();
      if (!missing.isEmpty()) {
        int brokers = await(place, admin.describeCluster().nodes()).size();
        admin
            .createTopics(
                missing.stream()
                    .map(topic -> place.topics().definition(place, topic, brokers))
                    .toList())
            .values()
            .forEach((name, created) -> awaitOrExists(place, created, "topic " + name));
      }
      return differences(place, admin, awaitTopics(place, admin));
    }
  }

  /** Brokers learn of a new topic a moment after it is created. */
  private static Map<String, TopicDescription> awaitTopics(Namespace place, Admin admin) {
    List<String> names = Arrays.stream(Topic.values()).map(topic -> topic.in(place)).toList();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return await(place, admin.describeTopics(names).allTopicNames());
      } catch (IllegalStateException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      }
    }
  }

  private static List<Difference> differences(
      Namespace place, Admin admin, Map<String, TopicDescription> descriptions) {
    requireCoPartitioned(place, descriptions);
    List<Difference> differences = new ArrayList<>();
    Map<Topic, Map<String, String>> configured = new EnumMap<>(Topic.class);
    for (Topic topic : Topic.values()) {
      TopicSettings.Overrides set = place.topics().overrides(topic);
      List<TopicPartitionInfo> partitions = partitions(place, topic, descriptions);
      compare(topic.in(place), "partitions", partitions.size(), set.partitions(), differences);
      compare(
          topic.in(place),
          "replication",
          partitions.getFirst().replicas().size(),
          set.replication(),
          differences);
      Map<String, String> configuration = place.topics().overridden(topic);
      if (!configuration.isEmpty()) {
        configured.put(topic, configuration);
      }
    }
    compare(place, admin, configured, differences);
    differences.forEach(difference -> LOGGER.atWarn().log("{}", difference));
    return List.copyOf(differences);
  }

  private static List<TopicPartitionInfo> partitions(
      Namespace place, Topic topic, Map<String, TopicDescription> descriptions) {
    return requireNonNull(descriptions.get(topic.in(place)), topic.in(place)).partitions();
  }

  private static void compare(
      Namespace place,
      Admin admin,
      Map<Topic, Map<String, String>> configured,
      List<Difference> differences) {
    if (configured.isEmpty()) {
      return;
    }
    Map<ConfigResource, Config> found =
        await(
            place,
            admin
                .describeConfigs(configured.keySet().stream().map(t -> resource(place, t)).toList())
                .all());
    configured.forEach(
        (topic, settings) ->
            settings.forEach(
                (name, expected) -> {
                  Config config = found.get(resource(place, topic));
                  ConfigEntry entry = config == null ? null : config.get(name);
                  compare(
                      topic.in(place),
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

  private static ConfigResource resource(Namespace place, Topic topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.in(place));
  }

  private static void requireCoPartitioned(
      Namespace place, Map<String, TopicDescription> descriptions) {
    SortedMap<String, Integer> partitions = new TreeMap<>();
    for (Topic topic : TopicSettings.CO_PARTITIONED) {
      partitions.put(topic.in(place), partitions(place, topic, descriptions).size());
    }
    if (Set.copyOf(partitions.values()).size() > 1) {
      throw new IllegalStateException(
          "partitions: %s at %s (expected: one number for these, which the topology reads by group)"
              .formatted(partitions, place.bootstrap()));
    }
  }

  /**
   * Sets a share group's behaviour before its first member joins: earliest offset, read committed.
   *
   * @param group full group name
   * @param lock how long a record stays with a worker that does not renew it
   * @param deliveryLimit how often a record is handed out before it is given up
   */
  public static void configureShareGroup(
      Namespace place, String group, Duration lock, int deliveryLimit) {
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
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
      await(
          place,
          admin.incrementalAlterConfigs(Map.of(resource, operations)).all(),
          "group " + group);
    }
  }

  /** Where the partitions end, committed or not. */
  public static Map<TopicPartition, Long> ends(Namespace place, List<TopicPartition> partitions) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      Map<TopicPartition, OffsetSpec> latest =
          partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      return await(place, admin.listOffsets(latest).all()).entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }
  }

  private static void awaitOrExists(Namespace place, KafkaFuture<Void> created, String resource) {
    try {
      await(place, created, resource);
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  static <T> T await(Namespace place, KafkaFuture<T> future) {
    return await(place, future, null);
  }

  /**
   * @param resource what is asked for, for the message of a missing ACL
   */
  static <T> T await(Namespace place, KafkaFuture<T> future, @Nullable String resource) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unreachable(place, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException cause) {
        throw unreachable(place, cause);
      }
      throw place.explained(
          new IllegalStateException(
              "Kafka at " + place.bootstrap() + " refused: " + e.getMessage(), e.getCause()),
          resource);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Kafka", e);
    }
  }

  private static BrokerUnreachableException unreachable(Namespace place, Throwable cause) {
    return new BrokerUnreachableException(
        "bootstrap: no Kafka broker answered at '%s' within %d s (expected: a running broker)"
            .formatted(place.bootstrap(), PATIENCE.toSeconds()),
        cause);
  }
}
