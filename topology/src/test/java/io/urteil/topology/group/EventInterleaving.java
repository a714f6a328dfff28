package io.urteil.topology.group;

import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One group on three topics, as a partition has it: each topic in the order of its offsets, the
 * topics interleaved by a seed. Stores what {@link GroupState} says, in maps.
 */
final class EventInterleaving implements StoredMembers {

  private static final GroupCodec CODEC =
      new GroupCodec(new Namespace("broker:9092", "", Path.of("")));

  private final RunFile run;
  private final boolean compares;
  private final Map<MemberId, MemberState> members = new HashMap<>();
  private @Nullable GroupHeader header;
  private @Nullable ClosedGroupMarker marker;
  final List<GroupChange.Closed> closed = new ArrayList<>();
  final List<Rejection> letters = new ArrayList<>();
  final List<GroupRequest> requests = new ArrayList<>();
  int late;
  int repeatedLate;

  EventInterleaving(RunFile run) {
    this(run, false);
  }

  /**
   * @param compares whether a judge of the run is taken to compare members
   */
  EventInterleaving(RunFile run, boolean compares) {
    this.run = run;
    this.compares = compares;
  }

  /** Feeds the topics, each in its order, taking the next from a topic chosen at random. */
  EventInterleaving feed(List<List<? extends SpecificRecord>> topics, long seed) {
    Random random = new Random(seed);
    List<Deque<SpecificRecord>> queues = new ArrayList<>();
    topics.forEach(topic -> queues.add(new ArrayDeque<>(topic)));
    Map<Deque<SpecificRecord>, Long> offsets = new java.util.IdentityHashMap<>();
    while (!queues.stream().allMatch(Deque::isEmpty)) {
      Deque<SpecificRecord> queue = queues.get(random.nextInt(queues.size()));
      if (!queue.isEmpty()) {
        long offset = offsets.merge(queue, 1L, Long::sum) - 1;
        SpecificRecord event = queue.removeFirst();
        on(event, new RecordPosition(topicOf(event).baseName(), 0, offset));
      }
    }
    return this;
  }

  private static Topic topicOf(SpecificRecord event) {
    return switch (event) {
      case Prompt _ -> Topic.PROMPTS;
      case Rollout _ -> Topic.ROLLOUTS;
      default -> Topic.JUDGEMENTS;
    };
  }

  void on(SpecificRecord event, RecordPosition position) {
    if (marker != null) {
      boolean repeated =
          switch (event) {
            case Prompt prompt -> marker.contains(prompt);
            case Rollout rollout -> marker.contains(rollout);
            case Judgement judgement -> marker.contains(judgement);
            default -> throw new IllegalArgumentException(event.toString());
          };
      late += repeated ? 0 : 1;
      repeatedLate += repeated ? 1 : 0;
      return;
    }
    GroupState state = new GroupState(run, compares, header, this);
    apply(
        switch (event) {
          case Prompt prompt -> state.on(prompt, at(position, prompt.getCreatedAt()));
          case Rollout rollout -> state.on(rollout, at(position, rollout.getCreatedAt()));
          case Judgement judgement -> state.on(judgement, at(position, judgement.getCreatedAt()));
          default -> throw new IllegalArgumentException(event.toString());
        });
  }

  private static Arrival at(RecordPosition position, Instant time) {
    return new Arrival(position, time.toEpochMilli());
  }

  void onDeadline(long now, long runningSince) {
    if (marker == null) {
      apply(new GroupState(run, compares, header, this).onDeadline(now, runningSince));
    }
  }

  @Nullable GroupHeader header() {
    return header;
  }

  private void apply(GroupChange change) {
    letters.addAll(change.rejections());
    switch (change) {
      case GroupChange.Open open -> {
        // What is stored is what comes back, so that the codec is part of every property.
        header = CODEC.header(GroupCodec.encode(open.header()));
        for (MemberState member : open.changed()) {
          members.put(member.id(), CODEC.member(GroupCodec.encode(member)));
        }
        open.removed().forEach(members::remove);
        requests.addAll(open.requests());
      }
      case GroupChange.Closed group -> {
        closed.add(group);
        marker = GroupCodec.marker(GroupCodec.encode(ClosedGroupMarker.of(group, 0)));
      }
      case GroupChange.Rejected rejected -> {}
    }
  }

  @Override
  public MemberState get(MemberId member) {
    return members.getOrDefault(member, MemberState.unknown(member));
  }

  @Override
  public Collection<MemberState> all() {
    return members.values();
  }
}
