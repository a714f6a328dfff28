package io.urteil.event;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from the beginning to where it ended when the scan began. */
public final class LogScan {

  private LogScan() {}

  /**
   * Gives every committed record of the topic to {@code each}, in order within a partition. Runs on
   * the calling thread.
   */
  public static void read(Place place, Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(Clients.consumer(place))) {
      List<PartitionInfo> found = consumer.partitionsFor(topic.in(place));
      List<TopicPartition> partitions =
          found.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
      read(consumer, partitions, each);
    }
  }

  /** As above, with the caller's consumer, which is left assigned at the end of the partitions. */
  static void read(
      KafkaConsumer<String, byte[]> consumer,
      List<TopicPartition> partitions,
      Consumer<ConsumerRecord<String, byte[]>> each) {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (!reached(consumer, ends)) {
      consumer.poll(Duration.ofMillis(100)).forEach(each);
    }
  }

  private static boolean reached(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey()) < end.getValue()) {
        return false;
      }
    }
    return true;
  }
}
