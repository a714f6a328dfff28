package io.urteil.event;

import io.urteil.kafka.BrokerUnreachableException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The first and end offsets of the partitions of a namespace. If a partition does not start at 0,
 * its first records were deleted, by retention or by an operator.
 *
 * @param starts first available offset
 * @param ends offset after the last record, committed or not
 */
public record PartitionBounds(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  public PartitionBounds {
    starts = Map.copyOf(starts);
    ends = Map.copyOf(ends);
  }

  /**
   * The bounds of every existing topic of {@link Topic}. Topics that a later version added may be
   * missing.
   *
   * @throws BrokerUnreachableException when no broker responds
   * @throws IllegalArgumentException when the namespace has no runs topic
   */
  public static PartitionBounds of(Namespace namespace) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT))) {
      List<String> expected =
          Arrays.stream(Topic.values()).map(topic -> topic.in(namespace)).toList();
      Set<String> existing = TopicCreator.await(namespace, admin.listTopics().names());
      List<String> missing = expected.stream().filter(topic -> !existing.contains(topic)).toList();
      if (missing.contains(Topic.RUNS.in(namespace))) {
        throw new IllegalArgumentException(
            "topics: %s missing at %s (expected: all topics of a tenant; is the prefix '%s' correct?)"
                .formatted(missing, namespace.bootstrap(), namespace.prefix()));
      }
      Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (TopicDescription topic :
          TopicCreator.await(
                  namespace,
                  admin
                      .describeTopics(expected.stream().filter(existing::contains).toList())
                      .allTopicNames())
              .values()) {
        topic
            .partitions()
            .forEach(
                partition -> {
                  TopicPartition named = new TopicPartition(topic.name(), partition.partition());
                  earliest.put(named, OffsetSpec.earliest());
                  latest.put(named, OffsetSpec.latest());
                });
      }
      return new PartitionBounds(
          offsets(TopicCreator.await(namespace, admin.listOffsets(earliest).all())),
          offsets(TopicCreator.await(namespace, admin.listOffsets(latest).all())));
    }
  }

  /**
   * The committed offsets of a consumer group; empty for a group without commits.
   *
   * @param group full group name
   * @throws BrokerUnreachableException when no broker responds
   */
  public static Map<TopicPartition, Long> committed(Namespace namespace, String group) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(namespace, TIMEOUT))) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          TopicCreator.await(
              namespace,
              admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
              "group " + group);
      return offsets.entrySet().stream()
          .filter(entry -> entry.getValue() != null)
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
  }

  /** The number of partitions of a topic; 0 for one that does not exist. */
  public int partitions(String topic) {
    return (int) starts.keySet().stream().filter(one -> one.topic().equals(topic)).count();
  }

  /** The number of deleted records of a topic, over all partitions. */
  public long deleted(String topic) {
    return starts.entrySet().stream()
        .filter(start -> start.getKey().topic().equals(topic))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Whether the record at this offset was deleted. */
  public boolean isDeleted(String topic, int partition, long offset) {
    return offset < starts.getOrDefault(new TopicPartition(topic, partition), 0L);
  }

  private static Map<TopicPartition, Long> offsets(
      Map<TopicPartition, ListOffsetsResultInfo> listed) {
    return listed.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }
}
