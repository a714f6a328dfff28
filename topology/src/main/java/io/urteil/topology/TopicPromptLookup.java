package io.urteil.topology;

import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.Topic;
import io.urteil.topology.group.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads prompts where they lie, one seek each: members are asked for again too seldom for more. Its
 * consumer is made at the first call; threads take turns.
 */
final class TopicPromptLookup implements PromptLookup, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Namespace place;
  private final EventCodec codec;
  private @Nullable KafkaConsumer<String, byte[]> consumer;

  TopicPromptLookup(Namespace place, EventCodec codec) {
    this.place = place;
    this.codec = codec;
  }

  @Override
  public synchronized Optional<Prompt> find(Position position) {
    KafkaConsumer<String, byte[]> reader = consumer();
    TopicPartition partition = new TopicPartition(Topic.PROMPTS.in(place), position.partition());
    reader.assign(List.of(partition));
    long first = reader.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    if (position.offset() < first || position.offset() >= end) {
      return Optional.empty();
    }
    reader.seek(partition, position.offset());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (reader.position(partition) <= position.offset()) {
      for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
        if (record.offset() == position.offset()) {
          return codec.decode(record.value()) instanceof DecodedRecord.Event(Prompt prompt)
              ? Optional.of(prompt)
              : Optional.empty();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "%s offset %d: nothing came from %s within %d s"
                .formatted(partition, position.offset(), place.bootstrap(), PATIENCE.toSeconds()));
      }
    }
    return Optional.empty();
  }

  private KafkaConsumer<String, byte[]> consumer() {
    if (consumer == null) {
      Map<String, Object> settings = KafkaClientSettings.consumer(place);
      settings.put("max.poll.records", 1);
      settings.put("auto.offset.reset", "none");
      settings.put("fetch.max.wait.ms", 5);
      consumer = new KafkaConsumer<>(settings);
    }
    return consumer;
  }

  @Override
  public synchronized void close() {
    if (consumer != null) {
      consumer.close();
    }
  }
}
