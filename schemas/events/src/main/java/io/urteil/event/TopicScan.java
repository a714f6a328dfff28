package io.urteil.event;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from the beginning to where it ended when the scan began. */
public final class TopicScan {

  private static final Duration PATIENCE_WITH_TRANSACTIONS = Duration.ofSeconds(15);

  private TopicScan() {}

  /**
   * Gives every committed record of the topic to {@code each}, in order within a partition. Runs on
   * the calling thread.
   *
   * <p>A commit is acknowledged before its markers are on the partitions, so the end is where the
   * last record stands, committed or not: the scan waits for transactions under way to be settled.
   * What a dead process left open is waited for 15 seconds; then the scan ends before it.
   */
  public static void read(
      Namespace place, Topic topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(KafkaClientSettings.consumer(place))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.in(place)).stream()
              .map(found -> new TopicPartition(found.topic(), found.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = TopicCreator.ends(place, partitions);
      long giveUpAt = System.nanoTime() + PATIENCE_WITH_TRANSACTIONS.toNanos();
      while (!reached(consumer, ends)) {
        if (System.nanoTime() > giveUpAt && reached(consumer, consumer.endOffsets(partitions))) {
          return;
        }
        consumer.poll(Duration.ofMillis(100)).forEach(each);
      }
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
