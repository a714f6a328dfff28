package io.urteil.topology;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.Progress;
import io.urteil.event.RecordPosition;
import io.urteil.run.RunFile;
import io.urteil.topology.batch.BatchChange;
import io.urteil.topology.batch.BatchCodec;
import io.urteil.topology.batch.BatchProgress;
import io.urteil.topology.batch.BatchState;
import io.urteil.topology.batch.Batches;
import io.urteil.topology.metrics.TopologyMetrics;
import io.urteil.topology.progress.ConsumptionTracker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Adds closed training groups to the batches of their run. {@link BatchState} assigns the groups,
 * {@link Batches} creates the batch events. All chunks of a batch and the progress are forwarded in
 * one transaction with the group that filled it. One instance per task, on the task's thread.
 */
final class BatchStep implements Processor<String, SpecificRecord, String, SpecificRecord> {

  static final String HEADERS = "batch-headers";
  static final String WAITING = "waiting-groups";

  private final RunLookup runs;
  private final ConsumptionTracker tracker;
  private final EventCodec codec;
  private final RecordFence fence;
  private final TopologyMetrics metrics;

  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<String, SpecificRecord> context;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<String, byte[]> headers;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<String, byte[]> waiting;

  private boolean changing;

  BatchStep(
      RunLookup runs, ConsumptionTracker tracker, TopologyTools tools, TopologyMetrics metrics) {
    this.runs = runs;
    this.tracker = tracker;
    this.codec = tools.codec();
    this.fence = tools.fence();
    this.metrics = metrics;
  }

  static List<StoreBuilder<?>> builders() {
    return List.of(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(HEADERS), Serdes.String(), Serdes.ByteArray()),
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(WAITING), Serdes.String(), Serdes.ByteArray()));
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> taskContext) {
    context = taskContext;
    headers = taskContext.getStateStore(HEADERS);
    waiting = taskContext.getStateStore(WAITING);
  }

  @Override
  public void process(Record<String, SpecificRecord> record) {
    RecordMetadata at =
        context.recordMetadata().orElseThrow(() -> new IllegalStateException("no source record"));
    RecordPosition position = new RecordPosition(at.topic(), at.partition(), at.offset());
    GroupOutcome group = (GroupOutcome) record.value();
    Optional<String> failed = fence.failedTooOften(position);
    if (failed.isPresent()) {
      reject(group, at, DeadLetters.COMPONENT_FAILED, failed.get());
    } else {
      changing = false;
      try {
        add(group, at, record.timestamp());
      } catch (RuntimeException | StackOverflowError | LinkageError e) {
        if (RecordFence.isOfKafka(e)) {
          throw e;
        }
        if (changing) {
          throw fence.failed(position, e);
        }
        reject(group, at, DeadLetters.COMPONENT_FAILED, RecordFence.rejected(position, e));
      }
    }
    if (tracker.processed(at.topic(), at.partition(), at.offset())) {
      // The trainer sees the batch after the commit.
      context.commit();
    }
  }

  private void add(GroupOutcome group, RecordMetadata at, long timestamp) {
    String runId = group.getRunId();
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    Optional<RunFile> run = runs.find(runId, group.getPurpose(), group.getOrdinal());
    if (run.isEmpty()) {
      reject(
          group, at, DeadLetters.UNKNOWN_RUN, "run: '" + runId + "' (expected: a published run)");
      return;
    }
    byte[] stored = headers.get(runId);
    BatchProgress before = stored == null ? BatchProgress.EMPTY : BatchCodec.header(stored);
    LongFunction<@Nullable GroupOutcome> slots = slot -> waiting(runId, slot);
    switch (BatchState.on(group, run.get().batch(), before, slots)) {
      case BatchChange.Refused(String message) -> reject(group, at, DeadLetters.CONFLICT, message);
      case BatchChange.Taken taken -> {
        List<List<? extends SpecificRecord>> batches = new ArrayList<>();
        for (BatchChange.Full full : taken.batches()) {
          batches.add(Batches.of(run.get(), full, entry -> codec.encode(entry).length, now));
        }
        changing = true;
        store(runId, group, taken);
        publish(run.get(), before, taken, batches, now, timestamp);
      }
    }
  }

  private void store(String runId, GroupOutcome group, BatchChange.Taken taken) {
    headers.put(runId, BatchCodec.encode(taken.header()));
    if (taken.stored() != null) {
      waiting.put(slotKey(runId, taken.stored()), codec.encode(group));
    }
    taken.removed().forEach(slot -> waiting.delete(slotKey(runId, slot)));
  }

  private void publish(
      RunFile run,
      BatchProgress before,
      BatchChange.Taken taken,
      List<List<? extends SpecificRecord>> batches,
      Instant now,
      long timestamp) {
    BatchProgress after = taken.header();
    metrics.batched(run.run(), before, after);
    if (!taken.batches().isEmpty()) {
      tracker.closed();
    }
    for (int i = 0; i < batches.size(); i++) {
      List<? extends SpecificRecord> parts = batches.get(i);
      for (SpecificRecord part : parts) {
        context.forward(new Record<>(run.run(), part, timestamp));
      }
      metrics.batch(run.run(), taken.batches().get(i).reason().spelling(), Batches.lags(parts));
    }
    if (after.batches() != before.batches()
        || after.groupsDropped() != before.groupsDropped()
        || !after.filtered().equals(before.filtered())) {
      Progress progress =
          Progress.newBuilder()
              .setRunId(run.run())
              .setGroupsBatched(after.groupsBatched())
              .setGroupsDropped(after.groupsDropped())
              .setGroupsOpen(after.waiting() + after.ready().size())
              .setBatches(after.batches())
              .setGroupsFiltered(after.filtered().groups())
              .setRolloutsFiltered(after.filtered().rollouts())
              .setTokensFiltered(after.filtered().tokens())
              .setCreatedAt(now)
              .build();
      context.forward(new Record<>(run.run(), progress, timestamp));
    }
  }

  private void reject(GroupOutcome group, RecordMetadata at, String cause, String message) {
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    DeadLetter letter =
        DeadLetters.of(
            TopologyComponent.NAME,
            cause,
            message,
            group.getRunId(),
            at.topic(),
            at.partition(),
            at.offset(),
            group.getGroupId(),
            codec.encode(group),
            now);
    metrics.deadLetter(letter);
    context.forward(
        new Record<>(DeadLetters.recordKey(group.getGroupId()), letter, now.toEpochMilli()));
  }

  private @Nullable GroupOutcome waiting(String runId, long slot) {
    byte[] bytes = waiting.get(slotKey(runId, slot));
    return bytes == null ? null : codec.decode(bytes, GroupOutcome.class);
  }

  private static String slotKey(String runId, long slot) {
    return "%s/%016x".formatted(runId, slot);
  }
}
