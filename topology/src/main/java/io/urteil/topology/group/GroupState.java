package io.urteil.topology.group;

import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.run.RunFile.OnMissing;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group that has not closed, and what the next event makes of it. Pure: nothing is stored here.
 *
 * <p>The records of a topic come in the order of their offsets, but the three topics interleave in
 * any way: a judgement may come before its rollout, and either before the prompt. So whichever is
 * first opens the group, what cannot be used yet is held, and the members that leave it are the
 * same for every interleaving. Of two events that contradict each other the lower offset wins; the
 * other is a dead letter. A repeated event is counted and changes nothing else.
 *
 * <p>A group closes when every expected member has a judgement by every judge of the run, or at its
 * deadline. What it is then worth is {@link Settlement}'s.
 */
public final class GroupState {

  private final RunFile run;
  private final @Nullable GroupHeader stored;
  private final Members members;

  /**
   * @param stored null when nothing is known of the group
   */
  public GroupState(RunFile run, @Nullable GroupHeader stored, Members members) {
    this.run = run;
    this.stored = stored;
    this.members = members;
  }

  /** A prompt opens the group, or says what a group is that another event opened. */
  public GroupChange on(Prompt prompt) {
    GroupHeader.Shape shape = GroupHeader.shapeOf(prompt);
    if (shape.size() < 1) {
      return refused(DeadLetters.INVALID, "a prompt for no members (expected: at least one)");
    }
    if (stored == null) {
      return open(GroupHeader.openedBy(prompt), List.of());
    }
    if (stored.prompt() != null) {
      return stored.prompt().fingerprint() == Fingerprint.of(prompt)
          ? open(stored.duplicate(), List.of())
          : conflict(
              stored,
              "prompt of '%s' asks for something else than the one before it, which stands"
                  .formatted(prompt.getGroupId()));
    }
    if (stored.shape().certain() && !stored.shape().equals(shape)) {
      return conflict(
          stored,
          "prompt of '%s' asks for %s (expected, by its first rollout: %s)"
              .formatted(prompt.getGroupId(), shape, stored.shape()));
    }
    return shaped(stored.askedBy(prompt), null);
  }

  /** A rollout is taken as its member's, together with the judgements of it that came before. */
  public GroupChange on(Rollout rollout, Position position) {
    String hash = ContentHash.of(rollout.getSegments());
    if (!hash.equals(rollout.getContentHash())) {
      return refused(
          DeadLetters.HASH_MISMATCH,
          "rollout says content hash '%s' (expected, by its segments: %s)"
              .formatted(rollout.getContentHash(), hash));
    }
    MemberId id = MemberId.of(rollout);
    if (stored == null) {
      GroupHeader opened = GroupHeader.openedBy(rollout, run);
      return unexpected(opened, id)
          ? refused(DeadLetters.INVALID, notExpected(opened, "rollout", id))
          : taken(opened, members.get(id), RolledOut.of(rollout, position));
    }
    GroupHeader header = stored;
    if (!header.shape().certain() && rollout.getSamplesPerArm() > 0) {
      header = header.shapedBy(rollout);
      GroupChange shaped = shaped(header, id);
      return shaped instanceof GroupChange.Open open
          ? onExpected(open.header(), rollout, id, position, open)
          : shaped;
    }
    return onExpected(header, rollout, id, position, null);
  }

  private GroupChange onExpected(
      GroupHeader header,
      Rollout rollout,
      MemberId id,
      Position position,
      GroupChange.@Nullable Open before) {
    GroupChange change;
    MemberState member = members.get(id);
    if (unexpected(header, id)) {
      change = conflict(header, notExpected(header, "rollout", id));
    } else if (member.rollout() == null) {
      change = taken(header, member, RolledOut.of(rollout, position));
    } else if (member.rollout().contentHash().equals(rollout.getContentHash())) {
      change = open(header.duplicate(), List.of());
    } else {
      change =
          conflict(
              header,
              "rollout of %s has another text than the one at offset %d, which stands"
                  .formatted(id, member.rollout().position().offset()));
    }
    return before == null ? change : merged(before, change);
  }

  /** A judgement is taken, or held until the rollout it judged comes. */
  public GroupChange on(Judgement judgement, Position position) {
    Set<String> judges = run.judges().keySet();
    if (!judges.contains(judgement.getJudge())) {
      return refused(
          DeadLetters.INVALID,
          "judgement by '%s' (expected: one of %s)".formatted(judgement.getJudge(), judges));
    }
    GroupHeader header = stored == null ? GroupHeader.openedBy(judgement, run) : stored;
    MemberId id = MemberId.of(judgement);
    if (unexpected(header, id)) {
      return stored == null
          ? refused(DeadLetters.INVALID, notExpected(header, "judgement", id))
          : conflict(header, notExpected(header, "judgement", id));
    }
    MemberState member = members.get(id);
    Judged judged = Judged.of(judgement, position);
    RolledOut rollout = member.rollout();
    if (rollout != null && !rollout.contentHash().equals(judged.contentHash())) {
      return new GroupChange.Open(
          header.conflicts(1), List.of(), List.of(), List.of(mismatch(null, id, rollout, judged)));
    }
    for (Judged earlier : member.judgements()) {
      if (earlier.judge().equals(judged.judge())
          && earlier.contentHash().equals(judged.contentHash())) {
        return earlier.saysTheSame(judged)
            ? open(header.duplicate(), List.of())
            : conflict(
                header,
                "judgement of %s by '%s' contradicts the one at offset %d, which stands"
                    .formatted(id, judged.judge(), earlier.position().offset()));
      }
    }
    return changed(header, member, member.with(judged), List.of());
  }

  /**
   * The group's time may be over.
   *
   * @param now a time up to which everything on the group's partitions is known
   * @param runningSince when this task began: what was down before cannot be held against a group,
   *     so each open group has its whole time again
   */
  public GroupChange onTime(long now, long runningSince) {
    if (stored == null) {
      return new GroupChange.Refused(List.of());
    }
    GroupHeader.Times times = stored.times();
    long due = Math.max(times.deadlineAt(), runningSince + times.allowedMillis());
    if (now < due) {
      return open(stored.with(moved(times, due, times.extended())), List.of());
    }
    if (run.group().onMissing() instanceof OnMissing.Wait(var atMost) && !times.extended()) {
      return open(stored.with(moved(times, due + atMost.toMillis(), true)), List.of());
    }
    return closed(stored, null, GroupChange.Cause.DEADLINE, neverJudged(stored));
  }

  private List<Letter> neverJudged(GroupHeader header) {
    List<Letter> letters = new ArrayList<>();
    for (MemberState member : members.all()) {
      RolledOut rollout = member.rollout();
      if (rollout != null && !member.isJudgedBy(run.judges().keySet())) {
        String message = "member %s of '%s' was not judged by the group's deadline";
        letters.add(
            Letter.about(
                Topic.ROLLOUTS,
                rollout.position(),
                DeadLetters.NEVER_JUDGED,
                message.formatted(member.id(), header.groupId())));
      }
    }
    return letters;
  }

  private static GroupHeader.Times moved(GroupHeader.Times times, long due, boolean extended) {
    return new GroupHeader.Times(times.openedAt(), times.allowedMillis(), due, extended);
  }

  private GroupChange taken(GroupHeader header, MemberState member, RolledOut rollout) {
    List<Letter> letters = new ArrayList<>();
    List<Judged> kept = new ArrayList<>();
    for (Judged held : member.judgements()) {
      if (held.contentHash().equals(rollout.contentHash())) {
        kept.add(held);
      } else {
        letters.add(mismatch(held.position(), member.id(), rollout, held));
      }
    }
    return changed(header.conflicts(letters.size()), member, member.with(rollout, kept), letters);
  }

  private GroupChange changed(
      GroupHeader header, MemberState before, MemberState after, List<Letter> letters) {
    Set<String> judges = run.judges().keySet();
    boolean newlyJudged = after.isJudgedBy(judges) && !before.isJudgedBy(judges);
    GroupHeader counted = newlyJudged ? header.judged(header.counts().judged() + 1) : header;
    return counted.isWhole()
        ? closed(counted, after, GroupChange.Cause.JUDGED, letters)
        : new GroupChange.Open(counted, List.of(after), List.of(), letters);
  }

  /** The shape has become certain: members that came before and are not expected must go. */
  private GroupChange shaped(GroupHeader header, @Nullable MemberId arriving) {
    List<MemberId> removed = new ArrayList<>();
    List<Letter> letters = new ArrayList<>();
    int judged = 0;
    for (MemberState member : members.all()) {
      if (unexpected(header, member.id())) {
        removed.add(member.id());
        letters.addAll(strays(header, member));
      } else if (member.isJudgedBy(run.judges().keySet())) {
        judged++;
      }
    }
    GroupHeader counted = header.judged(judged).conflicts(letters.size());
    return counted.isWhole() && arriving == null
        ? closed(counted, null, GroupChange.Cause.JUDGED, letters)
        : new GroupChange.Open(counted, List.of(), removed, letters);
  }

  private GroupChange closed(
      GroupHeader header,
      @Nullable MemberState latest,
      GroupChange.Cause cause,
      List<Letter> letters) {
    Map<MemberId, MemberState> known = new HashMap<>();
    members.all().forEach(member -> known.put(member.id(), member));
    if (latest != null) {
      known.put(latest.id(), latest);
    }
    List<MemberState> expected =
        header.shape().members().stream()
            .map(id -> known.getOrDefault(id, MemberState.unknown(id)))
            .toList();
    return new GroupChange.Closed(header, expected, cause, letters);
  }

  private static GroupChange merged(GroupChange.Open before, GroupChange after) {
    List<Letter> letters = new ArrayList<>(before.letters());
    letters.addAll(after.letters());
    return switch (after) {
      case GroupChange.Open(var header, var changed, var removed, var ignored) ->
          new GroupChange.Open(header, changed, before.removed(), letters);
      case GroupChange.Closed(var header, var all, var cause, var ignored) ->
          new GroupChange.Closed(header, all, cause, letters);
      case GroupChange.Refused refused -> new GroupChange.Refused(letters);
    };
  }

  private static List<Letter> strays(GroupHeader header, MemberState member) {
    List<Letter> letters = new ArrayList<>();
    RolledOut rollout = member.rollout();
    if (rollout != null) {
      letters.add(
          Letter.about(
              Topic.ROLLOUTS,
              rollout.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "rollout", member.id())));
    }
    for (Judged judged : member.judgements()) {
      letters.add(
          Letter.about(
              Topic.JUDGEMENTS,
              judged.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "judgement", member.id())));
    }
    return letters;
  }

  private static boolean unexpected(GroupHeader header, MemberId id) {
    return header.shape().certain() && !header.shape().expects(id);
  }

  private static String notExpected(GroupHeader header, String what, MemberId id) {
    return "%s of member %s (expected: %s)".formatted(what, id, header.shape());
  }

  private static Letter mismatch(
      @Nullable Position position, MemberId id, RolledOut rollout, Judged judged) {
    return new Letter(
        DeadLetters.HASH_MISMATCH,
        "judgement of %s judged content %s (expected: %s, the rollout at offset %d)"
            .formatted(
                id, judged.contentHash(), rollout.contentHash(), rollout.position().offset()),
        position == null ? null : new Letter.About(Topic.JUDGEMENTS, position));
  }

  private static GroupChange open(GroupHeader header, List<MemberState> changed) {
    return new GroupChange.Open(header, changed, List.of(), List.of());
  }

  private static GroupChange refused(String cause, String message) {
    return new GroupChange.Refused(List.of(Letter.of(cause, message)));
  }

  private static GroupChange conflict(GroupHeader header, String message) {
    return new GroupChange.Open(
        header.conflicts(1),
        List.of(),
        List.of(),
        List.of(Letter.of(DeadLetters.CONFLICT, message)));
  }
}
