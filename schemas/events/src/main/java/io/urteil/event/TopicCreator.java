package io.urteil.event;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics of a tenant, and tells clearly when there is no broker to make them on. */
public final class TopicCreator {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private TopicCreator() {}

  /**
   * Makes every topic of {@link Topic} that is missing; what exists is left as it is. Safe to call
   * from several processes at once.
   *
   * @throws BrokerUnreachableException when no broker answers within 8 seconds
   */
  public static void create(Namespace place) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      Set<String> existing = await(place, admin.listTopics().names());
      int brokers = await(place, admin.describeCluster().nodes()).size();
      short replication = (short) Math.min(3, brokers);
      List<NewTopic> missing =
          Arrays.stream(Topic.values())
              .filter(topic -> !existing.contains(topic.in(place)))
              .map(topic -> topic.definition(place, replication))
              .toList();
      admin.createTopics(missing).values().values().forEach(made -> awaitOrExists(place, made));
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
      await(place, admin.incrementalAlterConfigs(Map.of(resource, operations)).all());
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

  private static void awaitOrExists(
      Namespace place, org.apache.kafka.common.KafkaFuture<Void> made) {
    try {
      await(place, made);
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  static <T> T await(Namespace place, org.apache.kafka.common.KafkaFuture<T> future) {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw unreachable(place, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException cause) {
        throw unreachable(place, cause);
      }
      throw new IllegalStateException(
          "Kafka at " + place.bootstrap() + " refused: " + e.getMessage(), e.getCause());
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
