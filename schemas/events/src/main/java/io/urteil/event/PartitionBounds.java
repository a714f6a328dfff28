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
 * Where the partitions of a tenant's topics begin and end. A partition that does not begin at 0 has
 * lost its first records to retention or to somebody who deleted them.
 *
 * @param starts first offset that is still there
 * @param ends offset after the last record, committed or not
 */
public record PartitionBounds(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  public PartitionBounds {
    starts = Map.copyOf(starts);
    ends = Map.copyOf(ends);
  }

  /**
   * The bounds of every topic of {@link Topic} that is there; one that a later version has added
   * may be missing on an old log.
   *
   * @throws BrokerUnreachableException when no broker answers
   * @throws IllegalArgumentException when there are no topics of this tenant, naming them
   */
  public static PartitionBounds of(Namespace place) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      List<String> wanted = Arrays.stream(Topic.values()).map(topic -> topic.in(place)).toList();
      Set<String> existing = TopicCreator.await(place, admin.listTopics().names());
      List<String> missing = wanted.stream().filter(topic -> !existing.contains(topic)).toList();
      if (missing.contains(Topic.RUNS.in(place))) {
        throw new IllegalArgumentException(
            "topics: %s not at %s (expected: all topics of a tenant; is the prefix '%s' right?)"
                .formatted(missing, place.bootstrap(), place.prefix()));
      }
      Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (TopicDescription topic :
          TopicCreator.await(
                  place,
                  admin
                      .describeTopics(wanted.stream().filter(existing::contains).toList())
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
          offsets(TopicCreator.await(place, admin.listOffsets(earliest).all())),
          offsets(TopicCreator.await(place, admin.listOffsets(latest).all())));
    }
  }

  /**
   * How far a consumer group has committed; empty for a group that never did.
   *
   * @param group full group name
   * @throws BrokerUnreachableException when no broker answers
   */
  public static Map<TopicPartition, Long> committed(Namespace place, String group) {
    try (Admin admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE))) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          TopicCreator.await(
              place,
              admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(),
              "group " + group);
      return offsets.entrySet().stream()
          .filter(entry -> entry.getValue() != null)
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
  }

  /** How many records of a topic, over all its partitions, are there no longer. */
  public long deleted(String topic) {
    return starts.entrySet().stream()
        .filter(start -> start.getKey().topic().equals(topic))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Whether the record at this offset is there no longer. */
  public boolean isDeleted(String topic, int partition, long offset) {
    return offset < starts.getOrDefault(new TopicPartition(topic, partition), 0L);
  }

  private static Map<TopicPartition, Long> offsets(
      Map<TopicPartition, ListOffsetsResultInfo> listed) {
    return listed.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }
}
