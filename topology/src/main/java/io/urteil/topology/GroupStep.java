package io.urteil.topology;

import static io.urteil.event.DeadLetters.COMPONENT_FAILED;
import static io.urteil.event.DeadLetters.INVALID;
import static io.urteil.event.DeadLetters.LATE;
import static io.urteil.event.DeadLetters.NO_EVENT;
import static io.urteil.event.DeadLetters.UNKNOWN_RUN;
import static io.urteil.event.DeadLetters.WRONG_PARTITION;

import io.urteil.contract.EventLimits;
import io.urteil.contract.GroupPartitioning;
import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.topology.group.Arrival;
import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupCodec;
import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.GroupKey;
import io.urteil.topology.group.GroupRequest;
import io.urteil.topology.group.GroupResult;
import io.urteil.topology.group.GroupState;
import io.urteil.topology.group.Rejection;
import io.urteil.topology.metrics.OpenGroups;
import io.urteil.topology.metrics.TopologyMetrics;
import io.urteil.topology.progress.ConsumptionTracker;
import io.urteil.topology.progress.InputWatermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes groups. The life of one event:
 *
 * <ol>
 *   <li>The record is decoded. If it is not an event of its topic, its key is not its group id, it
 *       lies on another partition than its group, or its run is unknown, it is rejected with a dead
 *       letter.
 *   <li>If its group has closed, it is ignored as a repetition or rejected as late.
 *   <li>{@link GroupState} computes the change, which is stored, and its {@link GroupRequest}s,
 *       which are published to groupwise judges or to the sampler.
 *   <li>If the group closes, {@link GroupResult} computes a reward for each member and the outcome,
 *       and a {@link ClosedGroupMarker} replaces its state. Groupwise shadow judges then receive
 *       its members.
 * </ol>
 *
 * A punctuation applies the deadlines of groups in the same way. Everything is in one transaction
 * with the offset of the event. {@link RecordFence} contains failures: all that may fail is
 * computed before the first change of state. One instance per task, on the task's thread.
 */
final class GroupStep implements Processor<String, byte[], String, SpecificRecord> {

  private static final Logger LOGGER = LoggerFactory.getLogger(GroupStep.class);

  /** Divides the punctuation interval while due groups are left over. */
  private static final int CATCH_UP_FACTOR = 4;

  /** Stored groups that one punctuation counts for the meters after the start of a task. */
  private static final int COUNT_PAGE_SIZE = 2_000;

  /** Postpones the deadline of a group whose run file is unreadable. */
  private static final Duration UNKNOWN_RUN_DELAY = Duration.ofMinutes(1);

  private final Namespace namespace;
  private final RunLookup runs;
  private final InputWatermark watermark;
  private final ConsumptionTracker tracker;
  private final PromptLookup prompts;
  private final TopologySettings settings;
  private final EventCodec codec;
  private final EncodedEvents encoded;
  private final GroupPartitioning partitioning;
  private final RecordFence fence;
  private final DeadLetterFactory deadLetters;
  private final TopologyMetrics metrics;

  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<String, SpecificRecord> context;

  @SuppressWarnings("NullAway.Init")
  private GroupStores stores;

  @SuppressWarnings("NullAway.Init")
  private OpenGroups openGroups;

  private long runningSince;
  private boolean adopted;
  private boolean changing;
  private @Nullable Cancellable catchUpPunctuation;

  GroupStep(
      Namespace namespace,
      RunLookup runs,
      InputWatermark watermark,
      ConsumptionTracker tracker,
      PromptLookup prompts,
      TopologySettings settings,
      TopologyTools tools,
      TopologyMetrics metrics) {
    this.namespace = namespace;
    this.runs = runs;
    this.watermark = watermark;
    this.tracker = tracker;
    this.prompts = prompts;
    this.settings = settings;
    this.codec = tools.codec();
    this.encoded = tools.encoded();
    this.partitioning = tools.partitioning();
    this.fence = tools.fence();
    this.metrics = metrics;
    this.deadLetters = new DeadLetterFactory();
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> taskContext) {
    context = taskContext;
    stores =
        new GroupStores(
            taskContext, new GroupCodec(namespace), settings.tombstoneRetention().toMillis());
    openGroups = metrics.begin();
    adopted = false;
    catchUp(false);
    runningSince = taskContext.currentSystemTimeMs();
    tracker.restarted(taskContext.taskId().partition());
    taskContext.schedule(settings.clockInterval(), PunctuationType.WALL_CLOCK_TIME, this::onClock);
  }

  @Override
  public void close() {
    metrics.end(openGroups);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    RecordMetadata at =
        context.recordMetadata().orElseThrow(() -> new IllegalStateException("no source record"));
    RecordPosition position = new RecordPosition(at.topic(), at.partition(), at.offset());
    adoptEarlierState();
    Optional<String> failed = fence.failedTooOften(position);
    if (failed.isPresent()) {
      reject(record, at, null, COMPONENT_FAILED, failed.get());
    } else {
      changing = false;
      try {
        read(record, at, new Arrival(position, record.timestamp()));
      } catch (RuntimeException | StackOverflowError | LinkageError e) {
        if (RecordFence.isOfKafka(e)) {
          throw e;
        }
        if (changing) {
          throw fence.failed(position, e);
        }
        reject(record, at, null, COMPONENT_FAILED, RecordFence.rejected(position, e));
      }
    }
    if (tracker.processed(at.topic(), at.partition(), at.offset())) {
      // The batch step sees the group after the commit.
      context.commit();
    }
  }

  private void read(Record<String, byte[]> record, RecordMetadata at, Arrival arrival) {
    switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) -> reject(record, at, null, NO_EVENT, reason);
      case DecodedRecord.Event(SpecificRecord decoded) -> {
        GroupEvent event = GroupEvent.of(decoded);
        if (event == null || !event.topic().in(namespace).equals(at.topic())) {
          String message = "event type: %s (expected: the type of this topic)";
          reject(record, at, null, NO_EVENT, message.formatted(decoded.getSchema().getName()));
        } else {
          onEvent(event, record, at, arrival);
        }
      }
    }
  }

  private void onEvent(
      GroupEvent event, Record<String, byte[]> record, RecordMetadata at, Arrival arrival) {
    String runId = event.runId();
    GroupKey group = new GroupKey(runId, event.groupId());
    if (!group.groupId().equals(record.key()) || !group.isValid()) {
      String message = "key: '%s' (expected: the groupId '%s')";
      reject(record, at, runId, INVALID, message.formatted(record.key(), group.groupId()));
      return;
    }
    Optional<String> elsewhere = partitioning.violation(group.groupId(), at.partition());
    if (elsewhere.isPresent()) {
      reject(record, at, runId, WRONG_PARTITION, elsewhere.get());
      return;
    }
    GroupHeader header = stores.header(group);
    Optional<RunFile> run =
        header == null
            ? runs.find(runId, event.purpose(), event.ordinal())
            : runs.find(runId, header.purpose(), header.ordinal());
    if (run.isEmpty()) {
      String message =
          "run: '%s' (expected: a published run with a valid run file and installed plug-ins)";
      reject(record, at, runId, UNKNOWN_RUN, message.formatted(runId));
      return;
    }
    ClosedGroupMarker marker = stores.marker(group);
    if (marker != null) {
      if (!event.wasAcceptedBy(marker)) {
        String message =
            "group '%s' of run '%s' closed at %s"
                .formatted(group.groupId(), runId, Instant.ofEpochMilli(marker.closedAt()));
        reject(record, at, runId, LATE, message);
      }
      return;
    }
    GroupState state = new GroupState(run.get(), header, stores.members(group, header));
    GroupChange change = event.on(state, arrival);
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    List<DeadLetter> letters =
        change.rejections().stream()
            .map(rejection -> deadLetters.of(rejection, runId, at, record, now))
            .toList();
    apply(run.get(), header, change, now, record.timestamp());
    letters.forEach(letter -> forward(record.key(), letter, record.timestamp()));
  }

  /** Not in {@link #init}, where the task may not write yet. */
  private void adoptEarlierState() {
    if (!adopted) {
      stores.adoptEarlierState();
      adopted = true;
      countStored();
    }
  }

  private void countStored() {
    if (!openGroups.isComplete()) {
      openGroups.stored(stores.headersAfter(openGroups.lastCounted(), COUNT_PAGE_SIZE));
    }
  }

  private void onClock(long now) {
    adoptEarlierState();
    countStored();
    if (stores.due(now, 1).isEmpty()) {
      catchUp(false);
      return;
    }
    long until = watermark.processedUpTo(context.taskId().partition(), now);
    PunctuationBudget budget = new PunctuationBudget(System::nanoTime);
    // The lookup of an unknown run reads the runs topic: once per punctuation is enough.
    Set<String> unknown = new HashSet<>();
    for (GroupStores.Due due : stores.due(until, PunctuationBudget.MAX_DUE + 1)) {
      if (!budget.allows()) {
        catchUp(true);
        // Requests the watermark early, so that it is known at the next punctuation.
        watermark.processedUpTo(context.taskId().partition(), now);
        return;
      }
      onDue(due, until, now, unknown);
    }
  }

  /** A group whose deadline cannot be applied stays open, so that others are not held up. */
  private void onDue(GroupStores.Due due, long until, long now, Set<String> unknown) {
    GroupHeader header = stores.header(due);
    if (header == null) {
      stores.expire(due);
      return;
    }
    Optional<RunFile> run =
        unknown.contains(header.runId())
            ? Optional.empty()
            : runs.find(header.runId(), header.purpose(), header.ordinal());
    if (run.isEmpty()) {
      unknown.add(header.runId());
      postpone(header, now, "run file unreadable");
      return;
    }
    changing = false;
    try {
      onDeadline(run.get(), header, until, now);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      if (changing || RecordFence.isOfKafka(e)) {
        throw e;
      }
      postpone(header, now, e.toString());
    }
  }

  /** Schedules additional punctuations while a punctuation left due groups over. */
  private void catchUp(boolean enabled) {
    if (enabled && catchUpPunctuation == null) {
      catchUpPunctuation =
          context.schedule(
              Duration.ofMillis(Math.max(1, settings.clockInterval().toMillis() / CATCH_UP_FACTOR)),
              PunctuationType.WALL_CLOCK_TIME,
              this::onClock);
    } else if (!enabled && catchUpPunctuation != null) {
      catchUpPunctuation.cancel();
      catchUpPunctuation = null;
    }
  }

  private void postpone(GroupHeader header, long now, String cause) {
    stores.postpone(header, now + UNKNOWN_RUN_DELAY.toMillis());
    LOGGER
        .atWarn()
        .addKeyValue("runId", header.runId())
        .addKeyValue("groupId", header.groupId())
        .addKeyValue("cause", cause)
        .log("group kept open past its deadline");
  }

  private void onDeadline(RunFile run, GroupHeader header, long until, long now) {
    GroupChange change =
        new GroupState(run, header, stores.members(header.key(), header))
            .onDeadline(until, runningSince);
    Instant at = Instant.ofEpochMilli(now);
    List<DeadLetter> letters = new ArrayList<>();
    for (Rejection rejection : change.rejections()) {
      Rejection.Subject subject =
          Objects.requireNonNull(rejection.about(), "a deadline has no current record");
      letters.add(deadLetters.of(rejection, subject, header.runId(), at));
    }
    apply(run, header, change, at, now);
    letters.forEach(letter -> forward(header.groupId(), letter, now));
  }

  /** Computes everything that the change requires, then changes the state and publishes it. */
  private void apply(
      RunFile run, @Nullable GroupHeader before, GroupChange change, Instant now, long timestamp) {
    switch (change) {
      case GroupChange.Rejected rejected -> {}
      case GroupChange.Open open -> {
        List<SpecificRecord> requests =
            open.requests().stream()
                .map(request -> requested(open.header(), request, now))
                .toList();
        changing = true;
        stores.store(before, open);
        openGroups.changed(before, open.header());
        requests.forEach(event -> forward(open.header().groupId(), event, timestamp));
        if (!requests.isEmpty()) {
          tracker.closed();
        }
      }
      case GroupChange.Closed closed -> {
        String groupId = closed.header().groupId();
        GroupResult result = GroupResult.of(run, closed, Topic.ROLLOUTS.in(namespace), now);
        Optional<SpecificRecord> comparison =
            GroupRequest.forShadowJudges(run, closed)
                .map(compare -> requested(closed.header(), compare, now));
        changing = true;
        stores.close(before, closed, now.toEpochMilli());
        openGroups.changed(before, null);
        metrics.closed(result.outcome(), result.rewards());
        result.rewards().forEach(reward -> forward(groupId, reward, timestamp));
        forward(groupId, result.outcome(), timestamp);
        comparison.ifPresent(event -> forward(groupId, event, timestamp));
        tracker.closed();
      }
    }
  }

  /** The event of a request, or a dead letter if it cannot be made. */
  private SpecificRecord requested(GroupHeader header, GroupRequest request, Instant now) {
    return switch (request) {
      case GroupRequest.Compare compare ->
          GroupRequestWriter.rolloutGroup(header, compare, Topic.ROLLOUTS.in(namespace), now);
      case GroupRequest.Refill refill ->
          prompts
              .find(refill.prompt())
              .<SpecificRecord>map(prompt -> refilled(header, prompt, refill, now))
              .orElseGet(() -> unreadable(header, refill, now));
    };
  }

  private SpecificRecord refilled(
      GroupHeader header, Prompt prompt, GroupRequest.Refill refill, Instant now) {
    Prompt again = GroupRequestWriter.prompt(prompt, refill, now);
    int bytes = encoded.bytes(again).length;
    if (bytes <= EventLimits.EVENT_BYTES) {
      return again;
    }
    Rejection.Subject subject = new Rejection.Subject(Topic.PROMPTS, refill.prompt());
    String message = "prompt of '%s' with members to refill: %d bytes (expected: at most %d)";
    return deadLetters.of(
        new Rejection(
            DeadLetters.TOO_LARGE,
            message.formatted(header.groupId(), bytes, EventLimits.EVENT_BYTES),
            subject),
        subject,
        header.runId(),
        now);
  }

  private DeadLetter unreadable(GroupHeader header, GroupRequest.Refill refill, Instant now) {
    Rejection.Subject subject = new Rejection.Subject(Topic.PROMPTS, refill.prompt());
    String message = "prompt of '%s' is unreadable (expected: its record, to refill members %s)";
    return deadLetters.of(
        new Rejection(
            DeadLetters.UNREADABLE, message.formatted(header.groupId(), refill.members()), subject),
        subject,
        header.runId(),
        now);
  }

  private void reject(
      Record<String, byte[]> record,
      RecordMetadata at,
      @Nullable String runId,
      String cause,
      String message) {
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    Rejection rejection = new Rejection(cause, message, null);
    forward(record.key(), deadLetters.of(rejection, runId, at, record, now), record.timestamp());
  }

  private void forward(@Nullable String key, SpecificRecord event, long timestamp) {
    String recordKey = key;
    if (event instanceof DeadLetter letter) {
      metrics.deadLetter(letter);
      recordKey = DeadLetters.recordKey(key);
    }
    context.forward(new Record<>(recordKey, event, timestamp));
  }
}
