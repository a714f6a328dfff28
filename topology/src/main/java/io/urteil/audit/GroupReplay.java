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
 * One group, decided again by the topology's own {@link GroupState} from the events on the log. It
 * keeps what the topology keeps: references and verdicts, no payloads.
 *
 * <p>The members that leave a group do not depend on how its topics interleave, so the events may
 * be given topic after topic, prompts first. Only a group that has asked for members again is held
 * until all of its events are there, and decided in the order of their times. What the topology
 * found to be late must not be given.
 */
public final class GroupReplay {

  /** Far after every deadline, and far from an overflow. */
  private static final long END_OF_TIME = Long.MAX_VALUE / 4;

  /** A deadline may be moved, or members asked for again, this often before a group must close. */
  private static final int MOST_DEADLINES = 100;

  private static final long LEAST_GRACE_MILLIS = 60_000;

  private final RunFile run;
  private final Map<MemberId, MemberState> members = new LinkedHashMap<>();
  private final List<Event> held = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<Topic, Long> repeated = new EnumMap<>(Topic.class);
  private @Nullable GroupHeader header;
  private GroupChange.@Nullable Closed closed;
  private @Nullable ClosedGroupMarker tombstone;
  private boolean prompted;
  private boolean askedAgain;

  GroupReplay(RunFile run) {
    this.run = run;
  }

  /**
   * An event of the group.
   *
   * @param time when it was sent, in milliseconds since the epoch
   * @param request for what the topology itself asked for: how the group stood when it did; null
   *     for everything else
   */
  record Event(
      Topic topic,
      RecordPosition spot,
      long time,
      Function<GroupState, GroupChange> change,
      Predicate<ClosedGroupMarker> isTaken,
      @Nullable Predicate<GroupHeader> request) {

    /** The judges that compare members were asked about these. */
    static Event of(RolloutGroup group, RecordPosition spot) {
      return new Event(
          Topic.ROLLOUT_GROUPS,
          spot,
          group.getCreatedAt().toEpochMilli(),
          state -> new GroupChange.Rejected(List.of()),
          tombstone -> true,
          header -> !header.compared().isEmpty());
    }

    static Event of(Prompt prompt, RecordPosition spot) {
      List<MemberId> wanted =
          prompt.getMembers().stream()
              .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
              .toList();
      return new Event(
          Topic.PROMPTS,
          spot,
          prompt.getCreatedAt().toEpochMilli(),
          state -> state.on(prompt, spot),
          tombstone -> tombstone.contains(prompt),
          wanted.isEmpty() ? null : header -> header.shape().members().containsAll(wanted));
    }

    static Event of(Rollout rollout, RecordPosition spot, long time) {
      return new Event(
          Topic.ROLLOUTS,
          spot,
          time,
          state -> state.on(rollout, spot),
          tombstone -> tombstone.contains(rollout),
          null);
    }

    static Event of(Judgement judgement, RecordPosition spot, long time) {
      return new Event(
          Topic.JUDGEMENTS,
          spot,
          time,
          state -> state.on(judgement, spot),
          tombstone -> tombstone.contains(judgement),
          null);
    }
  }

  /** Something that was not taken, about which the topology must have written a dead letter. */
  record Refusal(Rejection letter, Topic topic, RecordPosition spot) {}

  void on(Event event) {
    askedAgain |= prompted && event.topic() == Topic.PROMPTS && event.request() != null;
    if (askedAgain) {
      held.add(event);
    } else {
      decide(event);
    }
    prompted |= event.topic() == Topic.PROMPTS;
  }

  /**
   * The judges were asked to compare these; to be given after the prompts, before the rest. What is
   * asked of judges that look on changes nothing.
   */
  void onComparison(RolloutGroup group, RecordPosition spot) {
    if (run.comparesMembers()
        && header != null
        && group.getMembers().size() < header.shape().members().size()) {
      askedAgain = true;
      held.add(Event.of(group, spot));
    }
  }

  /** Decides what was held; to be called when the last event was given. */
  void settle() {
    // What was sent before a request was made was known when it was made.
    held.sort(
        Comparator.comparingLong(Event::time).thenComparing(event -> event.request() != null));
    for (Event event : held) {
      Predicate<GroupHeader> request = event.request();
      if (request != null) {
        untilItAsks(request);
      }
      if (event.topic() != Topic.ROLLOUT_GROUPS) {
        decide(event);
      }
    }
    held.clear();
  }

  /** Lets the group's time be over, as often as its run file gives it more. */
  public void onDeadline() {
    for (int i = 0; i < MOST_DEADLINES && closed == null && header != null; i++) {
      timeIsOver();
    }
  }

  /** The run file by which the group is decided. */
  public RunFile run() {
    return run;
  }

  /** The group as it closed, or nothing while it is open. */
  public Optional<GroupChange.Closed> closed() {
    return Optional.ofNullable(closed);
  }

  /** What was not taken since this was last asked. */
  List<Refusal> takeRefusals() {
    List<Refusal> taken = List.copyOf(refusals);
    refusals.clear();
    return taken;
  }

  /** By topic, how many events said what had been said before. */
  Map<Topic, Long> repeated() {
    return repeated;
  }

  /** Whether a prompt of the group was given. */
  boolean hasPrompt() {
    return prompted;
  }

  /** What is known of the members, in no order. */
  Collection<MemberState> members() {
    return members.values();
  }

  /** Rollouts that the group has taken. */
  long rolledOut() {
    return members.values().stream().filter(member -> member.rollout() != null).count();
  }

  /**
   * The latest time at which an open group can be in time, in milliseconds since the epoch. A
   * topology that begins anew gives each group its whole time again; one such is allowed for.
   */
  long dueAtTheLatest() {
    if (header == null) {
      return END_OF_TIME;
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
        + Math.max(times.allowedMillis(), LEAST_GRACE_MILLIS);
  }

  /** Somebody else may have asked: then the time was not over. */
  private void untilItAsks(Predicate<GroupHeader> request) {
    GroupHeader before = header;
    Map<MemberId, MemberState> membersBefore = new LinkedHashMap<>(members);
    List<Refusal> refusalsBefore = List.copyOf(refusals);
    for (int i = 0; i < MOST_DEADLINES && closed == null && header != null; i++) {
      if (request.test(header)) {
        return;
      }
      timeIsOver();
    }
    header = before;
    members.clear();
    members.putAll(membersBefore);
    refusals.clear();
    refusals.addAll(refusalsBefore);
    closed = null;
    tombstone = null;
  }

  private void timeIsOver() {
    GroupChange change = state().onDeadline(END_OF_TIME, 0);
    for (Rejection letter : change.rejections()) {
      refusals.add(new Refusal(letter, Topic.ROLLOUTS, new RecordPosition("", 0, 0)));
    }
    apply(change);
  }

  private void decide(Event event) {
    if (tombstone != null) {
      if (event.isTaken().test(tombstone)) {
        repeated.merge(event.topic(), 1L, Long::sum);
      } else {
        Rejection late =
            new Rejection(
                DeadLetters.LATE, "it says something new of a group that has closed", null);
        refusals.add(new Refusal(late, event.topic(), event.spot()));
      }
      return;
    }
    int duplicates = header == null ? 0 : header.counts().duplicates();
    GroupChange change = event.change().apply(state());
    apply(change);
    if (header != null && header.counts().duplicates() > duplicates) {
      repeated.merge(event.topic(), 1L, Long::sum);
    }
    for (Rejection letter : change.rejections()) {
      refusals.add(new Refusal(letter, event.topic(), event.spot()));
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
