package io.urteil.local.watch;

import io.urteil.event.Clients;
import io.urteil.event.Decoded;
import io.urteil.event.EventCodec;
import io.urteil.event.Place;
import io.urteil.event.Topic;
import io.urteil.event.Topics;
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
 * Follows a run's topics with a plain consumer and keeps its {@link RunFigures}. What it shows is
 * what any other process could compute from the log. Reads on the caller's thread, in {@link
 * #poll}.
 */
public final class RunWatch implements AutoCloseable {

  private static final List<Topic> WATCHED =
      List.of(Topic.GROUPS, Topic.BATCHES, Topic.UPDATES, Topic.CHECKPOINTS);

  /** From first to last, for {@link Standstill}. */
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

  private final Place place;
  private final KafkaConsumer<String, byte[]> consumer;
  private final EventCodec codec;
  private final RunFigures figures;
  private final Standstill standstill = new Standstill(PATIENCE, this::ends);

  /** Watches one run from its beginning. */
  public RunWatch(Place place, String runId, int evaluationSize) {
    this.place = place;
    this.consumer = new KafkaConsumer<>(Clients.consumer(place));
    this.codec = new EventCodec(new WriterSchemas(place));
    this.figures = new RunFigures(runId, evaluationSize);
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
          if (codec.decode(record.value()) instanceof Decoded.Event(SpecificRecord event)) {
            figures.on(event);
          }
        });
    return !records.isEmpty();
  }

  /** What there is to say when the run stands still; see {@link Standstill}. */
  public Optional<String> standstill() {
    return standstill.look(figures, System.nanoTime());
  }

  private List<Standstill.TopicEnd> ends() {
    List<Standstill.TopicEnd> ends = new ArrayList<>();
    for (Topic topic : FLOW) {
      List<TopicPartition> partitions = partitions(topic);
      ends.add(
          new Standstill.TopicEnd(
              topic.baseName(),
              sum(Topics.ends(place, partitions)),
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
  public <T> T read(Function<RunFigures, T> question) {
    return question.apply(figures);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
