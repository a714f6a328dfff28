package io.urteil.bench.topology;

import io.urteil.event.EventCodec;
import io.urteil.event.GrpoBatch;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the batches that come from now on. Used by one thread. */
final class BatchTail implements AutoCloseable {

  private final KafkaConsumer<String, byte[]> consumer;
  private final EventCodec codec = new EventCodec();
  private final String runId;

  /** Told each batch. */
  interface Each {
    /**
     * @param rollouts seen so far, those of this batch included
     * @param at the time in milliseconds at which it was seen
     */
    void seen(long rollouts, GrpoBatch batch, long at);
  }

  BatchTail(Namespace place, String runId) {
    this.runId = runId;
    this.consumer = new KafkaConsumer<>(KafkaClientSettings.consumer(place));
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topic.BATCHES.in(place)).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
  }

  /**
   * Waits for so many rollouts in batches of the run.
   *
   * @return rollouts seen
   */
  long read(long rollouts, Duration silence, Each each) {
    long seen = 0;
    long last = System.nanoTime();
    while (seen < rollouts && System.nanoTime() - last < silence.toNanos()) {
      for (var record : consumer.poll(Duration.ofMillis(100))) {
        if (runId.equals(record.key())) {
          GrpoBatch batch = codec.decode(record.value(), GrpoBatch.class);
          seen += batch.getGroups().stream().mapToLong(g -> g.getMembers().size()).sum();
          each.seen(seen, batch, System.currentTimeMillis());
          last = System.nanoTime();
        }
      }
    }
    return seen;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
