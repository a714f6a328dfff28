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
 *   <li>Its bytes are decoded; what is no event of its topic, has another key than its group, or
 *       belongs to no known run becomes a dead letter.
 *   <li>If its group has closed, it is a repetition, or a dead letter.
 *   <li>{@link GroupState} says what it changes, which is stored, and what it asks for: {@link
 *       GroupRequest}s go to the judges that compare members, or to the sampler.
 *   <li>If that closes the group, {@link GroupResult} says what leaves: a reward for each member
 *       and the outcome; a tombstone stays. Judges that only look on are asked to compare its
 *       members.
 * </ol>
 *
 * The clock does the same with groups whose deadline has passed. All of it is one transaction with
 * the offset of the event. One instance per task, on the task's thread.
 */
final class GroupStep implements Processor<String, byte[], String, SpecificRecord> {

  private static final Logger LOGGER = LoggerFactory.getLogger(GroupStep.class);

  /** How many times as often the clock ticks in a hurry. */
  private static final int HURRY = 4;

  /** Stored groups that a tick counts for the meters, after a task has begun. */
  private static final int COUNTED_AT_ONCE = 2_000;

  /** When to look again at a group that is due, but whose run file cannot be read. */
  private static final Duration PAUSE_WITHOUT_RUN = Duration.ofMinutes(1);

  private final Namespace place;
  private final RunLookup runs;
  private final InputWatermark catchUp;
  private final ConsumptionTracker reading;
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
  private @Nullable Cancellable soon;

  GroupStep(
      Namespace place,
      RunLookup runs,
      InputWatermark catchUp,
      ConsumptionTracker reading,
      PromptLookup prompts,
      TopologySettings settings,
      EventCodec codec,
      TopologyMetrics metrics) {
    this.place = place;
    this.runs = runs;
    this.catchUp = catchUp;
    this.reading = reading;
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
            taskContext, new GroupCodec(place), settings.tombstoneRetention().toMillis());
    openGroups = metrics.begin();
    countStored();
    hurry(false);
    runningSince = taskContext.currentSystemTimeMs();
    reading.begins(taskContext.taskId().partition());
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
        if (arrival == null || !arrival.topic().in(place).equals(at.topic())) {
          reject(record, at, null, NO_EVENT, event.getSchema().getName() + " on another's topic");
        } else {
          onArrival(arrival, record, at);
        }
      }
    }
    if (reading.processed(at.topic(), at.partition(), at.offset())) {
      // The batch step waits for the end of the transaction.
      context.commit();
    }
  }

  private void onArrival(GroupEvent arrival, Record<String, byte[]> record, RecordMetadata at) {
    String groupId = arrival.groupId();
    if (!groupId.equals(record.key()) || groupId.isEmpty() || groupId.indexOf('\0') >= 0) {
      String message = "key '%s' (expected: the groupId, which is '%s')";
      reject(record, at, arrival.runId(), INVALID, message.formatted(record.key(), groupId));
      return;
    }
    Optional<RunFile> run = runs.find(arrival.runId());
    if (run.isEmpty()) {
      String message =
          "run '%s' (expected: one whose run file was published, is valid, and names only installed"
              + " plug-ins)";
      reject(record, at, arrival.runId(), UNKNOWN_RUN, message.formatted(arrival.runId()));
      return;
    }
    ClosedGroupMarker tombstone = stores.tombstone(groupId);
    if (tombstone != null) {
      if (!arrival.isTakenBy(tombstone)) {
        String message =
            "group '%s' closed at %s"
                .formatted(groupId, Instant.ofEpochMilli(tombstone.closedAt()));
        reject(record, at, arrival.runId(), LATE, message);
      }
      return;
    }
    GroupHeader header = stores.header(groupId);
    if (header != null && !header.runId().equals(arrival.runId())) {
      String message = "run '%s' (expected: '%s', which opened group '%s')";
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
    for (Rejection letter : change.letters()) {
      forward(
          record.key(),
          deadLetters.of(letter, arrival.runId(), at, record, now),
          record.timestamp());
    }
    apply(run.get(), header, change, now, record.timestamp());
  }

  private void countStored() {
    if (!openGroups.isComplete()) {
      openGroups.stored(stores.headersAfter(openGroups.lastCounted(), COUNTED_AT_ONCE));
    }
  }

  private void onClock(long now) {
    countStored();
    if (stores.due(now, 1).isEmpty()) {
      hurry(false);
      return;
    }
    long until = catchUp.caughtUpTo(context.taskId().partition(), now);
    PunctuationBudget tick = new PunctuationBudget(System::nanoTime);
    // Asking for a run that is unknown reads the log: once a tick is enough.
    Map<String, Optional<RunFile>> asked = new HashMap<>();
    for (GroupStores.Due due : stores.due(until, PunctuationBudget.MOST + 1)) {
      if (!tick.takes()) {
        hurry(true);
        // Asks now, so that the answer is there when the next tick comes.
        catchUp.caughtUpTo(context.taskId().partition(), now);
        return;
      }
      onDue(due, until, now, asked);
    }
  }

  /** Ticks come more often as long as something is due that one of them had to leave. */
  private void hurry(boolean wanted) {
    if (wanted && soon == null) {
      soon =
          context.schedule(
              Duration.ofMillis(Math.max(1, settings.clockInterval().toMillis() / HURRY)),
              PunctuationType.WALL_CLOCK_TIME,
              this::onClock);
    } else if (!wanted && soon != null) {
      soon.cancel();
      soon = null;
    }
  }

  private void onDue(
      GroupStores.Due due, long until, long now, Map<String, Optional<RunFile>> asked) {
    GroupHeader header = stores.header(due.groupId());
    if (header == null) {
      stores.forget(due);
      return;
    }
    Optional<RunFile> run = asked.computeIfAbsent(header.runId(), runs::find);
    if (run.isPresent()) {
      onDeadline(run.get(), header, until, now);
    } else {
      putOff(header, now);
    }
  }

  /** Without its run file nobody can say what becomes of the group, so it stays. */
  private void putOff(GroupHeader header, long now) {
    stores.putOff(header, now + PAUSE_WITHOUT_RUN.toMillis());
    LOGGER
        .atWarn()
        .addKeyValue("runId", header.runId())
        .addKeyValue("groupId", header.groupId())
        .log("group stays open past its deadline: no run file of its run can be read");
  }

  private void onDeadline(RunFile run, GroupHeader header, long until, long now) {
    GroupChange change =
        new GroupState(run, header, stores.members(header.groupId(), header))
            .onTime(until, runningSince);
    Instant at = Instant.ofEpochMilli(now);
    for (Rejection letter : change.letters()) {
      Rejection.About about =
          Objects.requireNonNull(letter.about(), "a clock has no record at hand");
      forward(header.groupId(), deadLetters.of(letter, about, header.runId(), at), now);
    }
    apply(run, header, change, at, now);
  }

  private void apply(
      RunFile run, @Nullable GroupHeader before, GroupChange change, Instant now, long timestamp) {
    switch (change) {
      case GroupChange.Refused refused -> {}
      case GroupChange.Open open -> {
        stores.store(before, open);
        openGroups.changed(before, open.header());
        open.requests().forEach(request -> ask(open.header(), request, now, timestamp));
      }
      case GroupChange.Closed closed -> {
        String groupId = closed.header().groupId();
        GroupResult settlement = GroupResult.of(run, closed, Topic.ROLLOUTS.in(place), now);
        stores.bury(before, closed, now.toEpochMilli());
        openGroups.changed(before, null);
        metrics.closed(settlement.outcome(), settlement.rewards());
        settlement.rewards().forEach(reward -> forward(groupId, reward, timestamp));
        forward(groupId, settlement.outcome(), timestamp);
        GroupRequest.ofOnlookers(run, closed)
            .ifPresent(compare -> ask(closed.header(), compare, now, timestamp));
        reading.closed();
      }
    }
  }

  private void ask(GroupHeader header, GroupRequest request, Instant now, long timestamp) {
    String groupId = header.groupId();
    switch (request) {
      case GroupRequest.Compare compare ->
          forward(
              groupId,
              GroupRequestWriter.rolloutGroup(header, compare, Topic.ROLLOUTS.in(place), now),
              timestamp);
      case GroupRequest.Refill refill ->
          prompts
              .find(refill.prompt())
              .ifPresentOrElse(
                  prompt ->
                      forward(groupId, GroupRequestWriter.prompt(prompt, refill, now), timestamp),
                  () -> forward(groupId, unreadable(header, refill, now), timestamp));
    }
    reading.closed();
  }

  private DeadLetter unreadable(GroupHeader header, GroupRequest.Refill refill, Instant now) {
    Rejection.About about = new Rejection.About(Topic.PROMPTS, refill.prompt());
    String message = "prompt of '%s' can be read no longer (wanted: to ask again for members %s)";
    return deadLetters.of(
        new Rejection(
            DeadLetters.UNREADABLE, message.formatted(header.groupId(), refill.members()), about),
        about,
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
    Rejection letter = new Rejection(cause, message, null);
    forward(record.key(), deadLetters.of(letter, runId, at, record, now), record.timestamp());
  }

  private void forward(@Nullable String key, SpecificRecord event, long timestamp) {
    if (event instanceof DeadLetter letter) {
      metrics.deadLetter(letter);
    }
    context.forward(new Record<>(key, event, Math.max(0, timestamp)));
  }
}
