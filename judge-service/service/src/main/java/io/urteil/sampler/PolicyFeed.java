package io.urteil.sampler;

import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows {@code checkpoints} and {@code progress} from the first offset, committed records only,
 * and signals when it has reached their end offsets as of the start. Every sampler reads all
 * records. Runs on one thread.
 */
final class PolicyFeed implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final List<TopicPartition> partitions;
  private final boolean truncated;

  PolicyFeed(Namespace namespace) {
    EventLog log = new EventLog(namespace);
    this.consumer = log.consumer(Map.of("fetch.max.wait.ms", 50, "max.poll.records", 5_000));
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.partitions = log.partitions(consumer, Topic.CHECKPOINTS, Topic.PROGRESS);
    String checkpoints = Topic.CHECKPOINTS.in(namespace);
    this.truncated =
        consumer.beginningOffsets(partitions).entrySet().stream()
            .anyMatch(start -> start.getKey().topic().equals(checkpoints) && start.getValue() > 0);
  }

  /** Whether the first records of {@code checkpoints} were deleted. */
  boolean isTruncated() {
    return truncated;
  }

  /**
   * Reads until {@code running} is false.
   *
   * @param each receives every record
   * @param caughtUp called once, at the end offsets as of the start
   */
  void run(
      BooleanSupplier running, Consumer<ConsumerRecord<String, byte[]>> each, Runnable caughtUp) {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    boolean behind = true;
    while (running.getAsBoolean()) {
      consumer.poll(POLL).forEach(each);
      if (behind && ends.entrySet().stream().allMatch(this::reached)) {
        behind = false;
        caughtUp.run();
      }
    }
  }

  private boolean reached(Map.Entry<TopicPartition, Long> end) {
    return consumer.position(end.getKey()) >= end.getValue();
  }

  @Override
  public void close() {
    clientMeters.close();
    consumer.close();
  }
}
