package io.urteil.audit;

import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutGroup;
import io.urteil.event.Topic;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.topology.group.Arrival;
import io.urteil.topology.group.ClosedGroupMarker;
import io.urteil.topology.group.GroupChange;
import io.urteil.topology.group.GroupHeader;
import io.urteil.topology.group.GroupState;
import io.urteil.topology.group.MemberId;
import io.urteil.topology.group.MemberState;
import io.urteil.topology.group.Rejection;
import io.urteil.topology.group.StoredMembers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Replays one group with the topology's {@link GroupState} from the events in the topics. As in the
 * topology, it stores references and verdicts, not payloads. Not thread-safe.
 *
 * <p>The result of a group does not depend on the interleaving of its topics, so the events may be
 * passed topic by topic, prompts first. Only for a group with a repeated request are events
 * deferred and replayed in the order of their timestamps. Events that the topology rejected as late
 * must not be passed.
 */
public final class GroupReplay {

  /** A time after every deadline, without risk of overflow. */
  private static final long AFTER_ALL_DEADLINES = Long.MAX_VALUE / 4;

  /** Bound on the deadlines of a group, including extensions and refills. */
  private static final int MAX_DEADLINES = 100;

  private static final long MIN_GRACE_MILLIS = 60_000;

  private final RunFile run;
  private final Map<MemberId, MemberState> members = new LinkedHashMap<>();
  private final List<Event> deferred = new ArrayList<>();
  private final List<RejectedEvent> rejections = new ArrayList<>();
  private final Map<Topic, Long> repeated = new EnumMap<>(Topic.class);
  private @Nullable GroupHeader header;
  private GroupChange.@Nullable Closed closed;
  private @Nullable ClosedGroupMarker tombstone;
  private boolean hasPrompt;
  private boolean hasRepeatedRequest;

  GroupReplay(RunFile run) {
    this.run = run;
  }

  /**
   * An event of the group.
   *
   * @param time log time in milliseconds since the epoch
   * @param request for a request of the topology: matches the state of the group at the request;
   *     null for other events
   */
  record Event(
      Topic topic,
      RecordPosition position,
      long time,
      Function<GroupState, GroupChange> change,
      Predicate<ClosedGroupMarker> isAccepted,
      @Nullable Predicate<GroupHeader> request) {

    /** The request to groupwise judges for these members. */
    static Event of(RolloutGroup group, RecordPosition position, long time) {
      return new Event(
          Topic.ROLLOUT_GROUPS,
          position,
          time,
          state -> new GroupChange.Rejected(List.of()),
          tombstone -> true,
          header -> !header.compared().isEmpty());
    }

    static Event of(Prompt prompt, RecordPosition position, long time) {
      List<MemberId> wanted =
          prompt.getMembers().stream()
              .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
              .toList();
      return new Event(
          Topic.PROMPTS,
          position,
          time,
          state -> state.on(prompt, new Arrival(position, time)),
          tombstone -> tombstone.contains(prompt),
          wanted.isEmpty() ? null : header -> header.shape().members().containsAll(wanted));
    }

    static Event of(Rollout rollout, RecordPosition position, long time) {
      return new Event(
          Topic.ROLLOUTS,
          position,
          time,
          state -> state.on(rollout, new Arrival(position, time)),
          tombstone -> tombstone.contains(rollout),
          null);
    }

    static Event of(Judgement judgement, RecordPosition position, long time) {
      return new Event(
          Topic.JUDGEMENTS,
          position,
          time,
          state -> state.on(judgement, new Arrival(position, time)),
          tombstone -> tombstone.contains(judgement),
          null);
    }
  }

  /** A rejected event, for which the topology must have published a dead letter. */
  record RejectedEvent(Rejection rejection, Topic topic, RecordPosition position) {}

  void on(Event event) {
    hasRepeatedRequest |= hasPrompt && event.topic() == Topic.PROMPTS && event.request() != null;
    if (hasRepeatedRequest) {
      deferred.add(event);
    } else {
      replay(event);
    }
    hasPrompt |= event.topic() == Topic.PROMPTS;
  }

  /**
   * Handles a request to groupwise judges. Call after the prompts and before all other events.
   * Requests to shadow judges have no effect.
   */
  void onComparison(RolloutGroup group, RecordPosition position, long time) {
    if (run.hasGroupwiseJudge()
        && header != null
        && group.getMembers().size() < header.shape().members().size()) {
      hasRepeatedRequest = true;
      deferred.add(Event.of(group, position, time));
    }
  }

  /** Replays the deferred events. Call after the last event. */
  void replayDeferred() {
    // Events that precede a request were known at the request.
    deferred.sort(
        Comparator.comparingLong(Event::time).thenComparing(event -> event.request() != null));
    for (Event event : deferred) {
      Predicate<GroupHeader> request = event.request();
      if (request != null) {
        replayUntilRequest(request);
      }
      if (event.topic() != Topic.ROLLOUT_GROUPS) {
        replay(event);
      }
    }
    deferred.clear();
  }

  /** Lets the deadlines of the group pass, including the extensions of its run file. */
  public void onDeadline() {
    for (int i = 0; i < MAX_DEADLINES && closed == null && header != null; i++) {
      expire();
    }
  }

  /** The run file of the group. */
  public RunFile run() {
    return run;
  }

  /** The closed group; empty while it is open. */
  public Optional<GroupChange.Closed> closed() {
    return Optional.ofNullable(closed);
  }

  /** Returns and removes the rejections so far. */
  List<RejectedEvent> drainRejections() {
    List<RejectedEvent> drained = List.copyOf(rejections);
    rejections.clear();
    return drained;
  }

  /** Number of repeated events by topic. */
  Map<Topic, Long> repeated() {
    return repeated;
  }

  /** Whether the group has a prompt. */
  boolean hasPrompt() {
    return hasPrompt;
  }

  /** The states of the members, in no particular order. */
  Collection<MemberState> members() {
    return members.values();
  }

  /** Number of members with a rollout. */
  long rolloutCount() {
    return members.values().stream().filter(member -> member.rollout() != null).count();
  }

  /**
   * The latest deadline of an open group, in milliseconds since the epoch. It allows for one
   * restart of the topology without state, which restarts the deadline of each group.
   */
  long latestDeadline() {
    if (header == null) {
      return AFTER_ALL_DEADLINES;
    }
    GroupHeader.Times times = header.times();
    long more =
        switch (run.group().onMissing()) {
          case OnMissing.Drop() -> 0;
          case OnMissing.Survivors survivors -> times.allowedMillis();
          case OnMissing.Wait(var atMost) -> atMost.toMillis();
          case OnMissing.Refill(int attempts) -> attempts * times.allowedMillis();
        };
    return times.openedAt()
        + times.allowedMillis()
        + more
        + Math.max(times.allowedMillis(), MIN_GRACE_MILLIS);
  }

  /**
   * Lets deadlines pass until the group has the state of the request. If it never has, the request
   * is external and the state is restored.
   */
  private void replayUntilRequest(Predicate<GroupHeader> request) {
    GroupHeader before = header;
    Map<MemberId, MemberState> membersBefore = new LinkedHashMap<>(members);
    List<RejectedEvent> rejectionsBefore = List.copyOf(rejections);
    for (int i = 0; i < MAX_DEADLINES && closed == null && header != null; i++) {
      if (request.test(header)) {
        return;
      }
      expire();
    }
    header = before;
    members.clear();
    members.putAll(membersBefore);
    rejections.clear();
    rejections.addAll(rejectionsBefore);
    closed = null;
    tombstone = null;
  }

  private void expire() {
    GroupChange change = state().onDeadline(AFTER_ALL_DEADLINES, 0);
    for (Rejection rejection : change.rejections()) {
      rejections.add(new RejectedEvent(rejection, Topic.ROLLOUTS, new RecordPosition("", 0, 0)));
    }
    apply(change);
  }

  private void replay(Event event) {
    if (tombstone != null) {
      if (event.isAccepted().test(tombstone)) {
        repeated.merge(event.topic(), 1L, Long::sum);
      } else {
        Rejection late = new Rejection(DeadLetters.LATE, "new content for a closed group", null);
        rejections.add(new RejectedEvent(late, event.topic(), event.position()));
      }
      return;
    }
    int duplicates = header == null ? 0 : header.counts().duplicates();
    GroupChange change = event.change().apply(state());
    apply(change);
    if (header != null && header.counts().duplicates() > duplicates) {
      repeated.merge(event.topic(), 1L, Long::sum);
    }
    for (Rejection rejection : change.rejections()) {
      rejections.add(new RejectedEvent(rejection, event.topic(), event.position()));
    }
  }

  private void apply(GroupChange change) {
    switch (change) {
      case GroupChange.Rejected rejected -> {}
      case GroupChange.Open open -> {
        header = open.header();
        open.changed().forEach(member -> members.put(member.id(), member));
        open.removed().forEach(members::remove);
      }
      case GroupChange.Closed close -> {
        header = close.header();
        closed = close;
        close.members().forEach(member -> members.put(member.id(), member));
        tombstone = ClosedGroupMarker.of(close, 0);
      }
    }
  }

  private GroupState state() {
    return new GroupState(
        run,
        header,
        new StoredMembers() {
          @Override
          public MemberState get(MemberId member) {
            return members.getOrDefault(member, MemberState.unknown(member));
          }

          @Override
          public Collection<MemberState> all() {
            return members.values();
          }
        });
  }
}
