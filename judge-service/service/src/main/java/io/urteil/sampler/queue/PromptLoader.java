package io.urteil.sampler.queue;

import io.urteil.event.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads the records of parked prompts again. Blocks; one call at a time. */
public final class PromptLoader implements AutoCloseable {

  private static final Map<String, Object> SETTINGS =
      Map.of("max.poll.records", 500, "auto.offset.reset", "earliest", "fetch.max.wait.ms", 50);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** Records between two that are needed are read over, and not sought past, up to this many. */
  private static final long GAP = 500;

  private final KafkaConsumer<String, byte[]> consumer;

  public PromptLoader(EventLog log) {
    this.consumer = log.consumer(SETTINGS);
  }

  /**
   * These prompts with their records, in the same order, without those whose records were deleted.
   *
   * @throws org.apache.kafka.common.KafkaException when the brokers do not respond in time
   */
  public synchronized List<PendingPrompt> read(List<PendingPrompt> parked) {
    Map<TopicPartition, TreeSet<Long>> wanted = new HashMap<>();
    for (PendingPrompt pending : parked) {
      wanted
          .computeIfAbsent(PromptReader.partition(pending.record()), each -> new TreeSet<>())
          .add(pending.record().offset());
    }
    Map<TopicPartition, Map<Long, ConsumerRecord<String, byte[]>>> found = new HashMap<>();
    wanted.forEach((partition, offsets) -> found.put(partition, read(partition, offsets)));
    List<PendingPrompt> loaded = new ArrayList<>();
    for (PendingPrompt pending : parked) {
      @Nullable ConsumerRecord<String, byte[]> record =
          found
              .getOrDefault(PromptReader.partition(pending.record()), Map.of())
              .get(pending.record().offset());
      if (record != null) {
        loaded.add(pending.with(record));
      }
    }
    return loaded;
  }

  /**
   * @param offsets is empty at the end
   */
  private Map<Long, ConsumerRecord<String, byte[]>> read(
      TopicPartition partition, TreeSet<Long> offsets) {
    Map<Long, ConsumerRecord<String, byte[]>> found = new HashMap<>();
    consumer.assign(List.of(partition));
    long position = -1;
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!offsets.isEmpty()) {
      long next = offsets.first();
      if (position < 0 || next - position > GAP) {
        consumer.seek(partition, next);
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (offsets.contains(record.offset())) {
          found.put(record.offset(), record);
        }
      }
      position = consumer.position(partition, TIMEOUT);
      offsets.headSet(position).clear();
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "no record at %s offset %d within %s".formatted(partition, next, TIMEOUT));
      }
    }
    return found;
  }

  @Override
  public synchronized void close() {
    consumer.close();
  }
}
