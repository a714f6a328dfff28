package io.urteil.local.watch;

import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.event.WriterSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows a run's topics with a plain consumer and keeps its {@link RunStatistics}. What it shows
 * is what any other process could compute from the log. Reads on the caller's thread, in {@link
 * #poll}.
 */
public final class RunWatch implements AutoCloseable {

  private static final List<Topic> WATCHED =
      List.of(Topic.GROUPS, Topic.BATCHES, Topic.UPDATES, Topic.CHECKPOINTS);

  /** From first to last, for {@link ProgressWatchdog}. */
  private static final List<Topic> FLOW =
      List.of(
          Topic.PROMPTS,
          Topic.ROLLOUTS,
          Topic.JUDGEMENTS,
          Topic.GROUPS,
          Topic.BATCHES,
          Topic.UPDATES,
          Topic.CHECKPOINTS,
          Topic.DEAD_LETTERS);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Namespace place;
  private final KafkaConsumer<String, byte[]> consumer;
  private final EventCodec codec;
  private final RunStatistics figures;
  private final ProgressWatchdog standstill = new ProgressWatchdog(PATIENCE, this::ends);

  /** Watches one run from its beginning. */
  public RunWatch(Namespace place, String runId, int evaluationSize) {
    this.place = place;
    this.consumer = new KafkaConsumer<>(KafkaClientSettings.consumer(place));
    this.codec = new EventCodec(new WriterSchemas(place));
    this.figures = new RunStatistics(runId, evaluationSize);
    List<TopicPartition> partitions =
        WATCHED.stream().flatMap(topic -> partitions(topic).stream()).toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Takes in what has come, waiting for up to {@code patience}; true when anything came. */
  public boolean poll(Duration patience) {
    var records = consumer.poll(patience);
    records.forEach(
        record -> {
          if (codec.decode(record.value()) instanceof DecodedRecord.Event(SpecificRecord event)) {
            figures.on(event);
          }
        });
    return !records.isEmpty();
  }

  /** What there is to say when the run stands still; see {@link ProgressWatchdog}. */
  public Optional<String> standstill() {
    return standstill.look(figures, System.nanoTime());
  }

  private List<ProgressWatchdog.TopicEnd> ends() {
    List<ProgressWatchdog.TopicEnd> ends = new ArrayList<>();
    for (Topic topic : FLOW) {
      List<TopicPartition> partitions = partitions(topic);
      ends.add(
          new ProgressWatchdog.TopicEnd(
              topic.baseName(),
              sum(TopicCreator.ends(place, partitions)),
              sum(consumer.endOffsets(partitions, ANSWER))));
    }
    return ends;
  }

  private List<TopicPartition> partitions(Topic topic) {
    return consumer.partitionsFor(topic.in(place), ANSWER).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private static long sum(Map<TopicPartition, Long> ends) {
    return ends.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Something computed from the figures so far. */
  public <T> T read(Function<RunStatistics, T> question) {
    return question.apply(figures);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
