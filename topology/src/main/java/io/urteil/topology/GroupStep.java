package io.urteil.topology;

import static io.urteil.event.DeadLetters.INVALID;
import static io.urteil.event.DeadLetters.LATE;
import static io.urteil.event.DeadLetters.NO_EVENT;
import static io.urteil.event.DeadLetters.UNKNOWN_RUN;

import io.urteil.event.DeadLetter;
import io.urteil.event.DeadLetters;
import io.urteil.event.DecodedRecord;
import io.urteil.event.EventCodec;
import io.urteil.event.Namespace;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupCodec;
import io.urteil.topology.group.GroupHeader;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 *   <li>The record is decoded. If it is not an event of its topic, its key is not its group id, or
 *       its run is unknown, it is rejected with a dead letter.
 *   <li>If its group has closed, it is ignored as a repetition or rejected as late.
 *   <li>{@link GroupState} computes the change, which is stored, and its {@link GroupRequest}s,
 *       which are published to groupwise judges or to the sampler.
 *   <li>If the group closes, {@link GroupResult} computes a reward for each member and the outcome,
 *       and a {@link ClosedGroupMarker} replaces its state. Groupwise shadow judges then receive
 *       its members.
 * </ol>
 *
 * A punctuation applies the deadlines of groups in the same way. Everything is in one transaction
 * with the offset of the event. One instance per task, on the task's thread.
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
  private final DeadLetterFactory deadLetters;
  private final TopologyMetrics metrics;

  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<String, SpecificRecord> context;

  @SuppressWarnings("NullAway.Init")
  private GroupStores stores;

  @SuppressWarnings("NullAway.Init")
  private OpenGroups openGroups;

  private long runningSince;
  private @Nullable Cancellable catchUpPunctuation;

  GroupStep(
      Namespace namespace,
      RunLookup runs,
      InputWatermark watermark,
      ConsumptionTracker tracker,
      PromptLookup prompts,
      TopologySettings settings,
      EventCodec codec,
      TopologyMetrics metrics) {
    this.namespace = namespace;
    this.runs = runs;
    this.watermark = watermark;
    this.tracker = tracker;
    this.prompts = prompts;
    this.settings = settings;
    this.codec = codec;
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
    countStored();
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
    switch (codec.decode(record.value())) {
      case DecodedRecord.NotAnEvent(String reason) -> reject(record, at, null, NO_EVENT, reason);
      case DecodedRecord.Event(SpecificRecord event) -> {
        GroupEvent arrival = GroupEvent.of(event);
        if (arrival == null || !arrival.topic().in(namespace).equals(at.topic())) {
          String message = "event type: %s (expected: the type of this topic)";
          reject(record, at, null, NO_EVENT, message.formatted(event.getSchema().getName()));
        } else {
          onEvent(arrival, record, at);
        }
      }
    }
    if (tracker.processed(at.topic(), at.partition(), at.offset())) {
      // The batch step sees the group after the commit.
      context.commit();
    }
  }

  private void onEvent(GroupEvent arrival, Record<String, byte[]> record, RecordMetadata at) {
    String groupId = arrival.groupId();
    if (!groupId.equals(record.key()) || groupId.isEmpty() || groupId.indexOf('\0') >= 0) {
      String message = "key: '%s' (expected: the groupId '%s')";
      reject(record, at, arrival.runId(), INVALID, message.formatted(record.key(), groupId));
      return;
    }
    Optional<RunFile> run = runs.find(arrival.runId());
    if (run.isEmpty()) {
      String message =
          "run: '%s' (expected: a published run with a valid run file and installed plug-ins)";
      reject(record, at, arrival.runId(), UNKNOWN_RUN, message.formatted(arrival.runId()));
      return;
    }
    ClosedGroupMarker marker = stores.marker(groupId);
    if (marker != null) {
      if (!arrival.wasAcceptedBy(marker)) {
        String message =
            "group '%s' closed at %s".formatted(groupId, Instant.ofEpochMilli(marker.closedAt()));
        reject(record, at, arrival.runId(), LATE, message);
      }
      return;
    }
    GroupHeader header = stores.header(groupId);
    if (header != null && !header.runId().equals(arrival.runId())) {
      String message = "run: '%s' (expected: '%s', which opened group '%s')";
      reject(
          record,
          at,
          arrival.runId(),
          INVALID,
          message.formatted(arrival.runId(), header.runId(), groupId));
      return;
    }
    GroupState state = new GroupState(run.get(), header, stores.members(groupId, header));
    GroupChange change =
        arrival.on(state, new RecordPosition(at.topic(), at.partition(), at.offset()));
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    for (Rejection rejection : change.rejections()) {
      forward(
          record.key(),
          deadLetters.of(rejection, arrival.runId(), at, record, now),
          record.timestamp());
    }
    apply(run.get(), header, change, now, record.timestamp());
  }

  private void countStored() {
    if (!openGroups.isComplete()) {
      openGroups.stored(stores.headersAfter(openGroups.lastCounted(), COUNT_PAGE_SIZE));
    }
  }

  private void onClock(long now) {
    countStored();
    if (stores.due(now, 1).isEmpty()) {
      catchUp(false);
      return;
    }
    long until = watermark.processedUpTo(context.taskId().partition(), now);
    PunctuationBudget budget = new PunctuationBudget(System::nanoTime);
    // The lookup of an unknown run reads the runs topic: once per punctuation is enough.
    Map<String, Optional<RunFile>> lookedUp = new HashMap<>();
    for (GroupStores.Due due : stores.due(until, PunctuationBudget.MAX_DUE + 1)) {
      if (!budget.allows()) {
        catchUp(true);
        // Requests the watermark early, so that it is known at the next punctuation.
        watermark.processedUpTo(context.taskId().partition(), now);
        return;
      }
      onDue(due, until, now, lookedUp);
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

  private void onDue(
      GroupStores.Due due, long until, long now, Map<String, Optional<RunFile>> lookedUp) {
    GroupHeader header = stores.header(due.groupId());
    if (header == null) {
      stores.expire(due);
      return;
    }
    Optional<RunFile> run = lookedUp.computeIfAbsent(header.runId(), runs::find);
    if (run.isPresent()) {
      onDeadline(run.get(), header, until, now);
    } else {
      postpone(header, now);
    }
  }

  /** The group stays open, because its run file defines its result. */
  private void postpone(GroupHeader header, long now) {
    stores.postpone(header, now + UNKNOWN_RUN_DELAY.toMillis());
    LOGGER
        .atWarn()
        .addKeyValue("runId", header.runId())
        .addKeyValue("groupId", header.groupId())
        .log("group kept open past its deadline: run file unreadable");
  }

  private void onDeadline(RunFile run, GroupHeader header, long until, long now) {
    GroupChange change =
        new GroupState(run, header, stores.members(header.groupId(), header))
            .onDeadline(until, runningSince);
    Instant at = Instant.ofEpochMilli(now);
    for (Rejection rejection : change.rejections()) {
      Rejection.Subject subject =
          Objects.requireNonNull(rejection.about(), "a deadline has no current record");
      forward(header.groupId(), deadLetters.of(rejection, subject, header.runId(), at), now);
    }
    apply(run, header, change, at, now);
  }

  private void apply(
      RunFile run, @Nullable GroupHeader before, GroupChange change, Instant now, long timestamp) {
    switch (change) {
      case GroupChange.Rejected rejected -> {}
      case GroupChange.Open open -> {
        stores.store(before, open);
        openGroups.changed(before, open.header());
        open.requests().forEach(request -> publish(open.header(), request, now, timestamp));
      }
      case GroupChange.Closed closed -> {
        String groupId = closed.header().groupId();
        GroupResult result = GroupResult.of(run, closed, Topic.ROLLOUTS.in(namespace), now);
        stores.close(before, closed, now.toEpochMilli());
        openGroups.changed(before, null);
        metrics.closed(result.outcome(), result.rewards());
        result.rewards().forEach(reward -> forward(groupId, reward, timestamp));
        forward(groupId, result.outcome(), timestamp);
        GroupRequest.forShadowJudges(run, closed)
            .ifPresent(compare -> publish(closed.header(), compare, now, timestamp));
        tracker.closed();
      }
    }
  }

  private void publish(GroupHeader header, GroupRequest request, Instant now, long timestamp) {
    String groupId = header.groupId();
    switch (request) {
      case GroupRequest.Compare compare ->
          forward(
              groupId,
              GroupRequestWriter.rolloutGroup(header, compare, Topic.ROLLOUTS.in(namespace), now),
              timestamp);
      case GroupRequest.Refill refill ->
          prompts
              .find(refill.prompt())
              .ifPresentOrElse(
                  prompt ->
                      forward(groupId, GroupRequestWriter.prompt(prompt, refill, now), timestamp),
                  () -> forward(groupId, unreadable(header, refill, now), timestamp));
    }
    tracker.closed();
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
    if (event instanceof DeadLetter letter) {
      metrics.deadLetter(letter);
    }
    context.forward(new Record<>(key, event, Math.max(0, timestamp)));
  }
}
