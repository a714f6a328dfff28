package io.urteil.trainer;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Namespace;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.metrics.KafkaClientMeters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The batches of one run in order, from a position on. Reads committed records of the partition of
 * the run's key and skips the batches of other runs. Not thread-safe.
 */
final class BatchReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final String runId;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaClientMeters clientMeters;
  private final EventCodec codec;
  private final TopicPartition partition;
  private final BatchAssembler assembler = new BatchAssembler();
  private final Queue<ConsumerRecord<String, byte[]>> fetched = new ArrayDeque<>();
  private final List<DeadLetter> refused = new ArrayList<>();

  BatchReader(Namespace place, String runId) {
    this.runId = runId;
    EventLog log = new EventLog(place);
    this.consumer = log.consumer();
    this.clientMeters = KafkaClientMeters.of(consumer);
    this.codec = log.codec();
    this.partition = log.partitionOf(Topic.BATCHES, runId);
    consumer.assign(List.of(partition));
  }

  /** The position from which a run's first batch is searched. */
  RecordPosition beginning() {
    return new RecordPosition(partition.topic(), partition.partition(), 0);
  }

  /** Whether this is a position on the run's partition, up to its end. */
  boolean covers(RecordPosition position) {
    return position.topic().equals(partition.topic())
        && position.partition() == partition.partition()
        && position.offset() >= 0
        && position.offset() <= consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
  }

  /** Continues from here. */
  void seek(RecordPosition position) {
    fetched.clear();
    consumer.seek(position.inPartition(), position.offset());
  }

  /** The next batch if it is complete; polls briefly for records if there are none. */
  Optional<TrainingBatch> poll() {
    if (fetched.isEmpty()) {
      consumer.poll(POLL).forEach(fetched::add);
    }
    while (!fetched.isEmpty()) {
      ConsumerRecord<String, byte[]> record = fetched.remove();
      if (runId.equals(record.key())) {
        Optional<TrainingBatch> batch = take(record);
        if (batch.isPresent()) {
          return batch;
        }
      }
    }
    return Optional.empty();
  }

  /** Dead letters for records with the run's key that are not a batch, each returned once. */
  List<DeadLetter> drainRefused() {
    for (TrainingBatch dropped : assembler.drainDropped()) {
      refused.add(
          setAside(dropped, DeadLetters.UNUSABLE_BATCH, "not finished (expected: all its parts)"));
    }
    List<DeadLetter> letters = List.copyOf(refused);
    refused.clear();
    return letters;
  }

  /** The dead letter of a batch that is not trained on. */
  DeadLetter setAside(TrainingBatch batch, String cause, String reason) {
    RecordPosition first = batch.first();
    return DeadLetters.of(
        Trainer.NAME,
        cause,
        "Batch '%s' number %d: %s".formatted(batch.batchId(), batch.number(), reason),
        runId,
        first.topic(),
        first.partition(),
        first.offset(),
        runId,
        null,
        Instant.now());
  }

  @Override
  public void close() {
    clientMeters.close();
    consumer.close();
  }

  private Optional<TrainingBatch> take(ConsumerRecord<String, byte[]> record) {
    try {
      return decoded(record);
    } catch (BatchAssembler.UnexpectedPartException e) {
      return refuse(record, DeadLetters.CONFLICT, String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError e) {
      return refuse(record, DeadLetters.UNUSABLE_BATCH, "cannot be processed: " + e);
    }
  }

  private Optional<TrainingBatch> decoded(ConsumerRecord<String, byte[]> record) {
    RecordPosition position = RecordPosition.of(record);
    return switch (codec.decode(record.value())) {
      case DecodedRecord.Event(SpecificRecord event) when event instanceof GrpoBatch part ->
          assembler.add(part, position);
      case DecodedRecord.Event(SpecificRecord event)
          when event instanceof DemonstrationBatch part ->
          assembler.add(part, position);
      case DecodedRecord.Event(SpecificRecord event) ->
          refuse(
              record,
              DeadLetters.UNUSABLE_BATCH,
              "a %s (expected: a GrpoBatch or DemonstrationBatch)"
                  .formatted(event.getSchema().getName()));
      case DecodedRecord.NotAnEvent(String reason) -> refuse(record, DeadLetters.NO_EVENT, reason);
    };
  }

  private Optional<TrainingBatch> refuse(
      ConsumerRecord<String, byte[]> record, String cause, String message) {
    refused.add(DeadLetters.of(Trainer.NAME, cause, message, runId, record, Clock.systemUTC()));
    return Optional.empty();
  }
}
