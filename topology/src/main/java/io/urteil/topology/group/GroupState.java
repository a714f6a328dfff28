package io.urteil.topology.group;

import io.urteil.contract.EventRules;
import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.run.RunFile;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open group, and the transition by its next event. Pure: this class stores nothing.
 *
 * <p>The records of a topic arrive in the order of their offsets, but the three topics interleave
 * in any way: a judgement may arrive before its rollout, and either before the prompt. So the first
 * event opens the group, events that cannot be used yet are held, and the result is the same for
 * every interleaving. Of two contradicting events the one with the lower offset counts; the other
 * becomes a dead letter. A repeated event is counted and changes nothing else.
 *
 * <p>A group closes when every expected member has a judgement by every judge of the run, or at its
 * deadline, which the {@link MissingMemberPolicy} may extend. {@link GroupResult} computes the
 * result of a closed group.
 *
 * <p>Groupwise judges receive the group as soon as all expected rollouts are present.
 */
public final class GroupState {

  private final RunFile run;
  private final Set<String> judges;
  private final boolean groupwise;
  private final MissingMemberPolicy missingMembers;
  private final @Nullable GroupHeader stored;
  private final StoredMembers members;

  /**
   * @param stored null if the group is new
   */
  public GroupState(RunFile run, @Nullable GroupHeader stored, StoredMembers members) {
    this(run, run.hasGroupwiseJudge(), stored, members);
  }

  /**
   * @param groupwise whether a judge of the run is groupwise
   */
  GroupState(RunFile run, boolean groupwise, @Nullable GroupHeader stored, StoredMembers members) {
    this.run = run;
    this.judges = run.judges().keySet();
    this.groupwise = groupwise;
    this.missingMembers = new MissingMemberPolicy(run, groupwise);
    this.stored = stored;
    this.members = members;
  }

  /** Applies a prompt, which opens the group, or defines a group that another event opened. */
  public GroupChange on(Prompt prompt, Arrival arrival) {
    Optional<String> violation = EventRules.violation(prompt);
    if (violation.isPresent()) {
      return rejected(Rejection.of(DeadLetters.INVALID, violation.get()));
    }
    GroupHeader.Shape shape = GroupHeader.shapeOf(prompt);
    if (shape.size() < 1) {
      return rejected(Rejections.emptyPrompt());
    }
    if (stored == null) {
      return open(GroupHeader.openedBy(prompt, arrival));
    }
    if (isRefill(stored, prompt)) {
      return refilled(stored, shape.only());
    }
    if (stored.prompt() != null) {
      return stored.prompt().fingerprint() == Fingerprint.of(prompt)
          ? open(stored.duplicate())
          : conflict(stored, Rejections.conflictingPrompt(prompt));
    }
    if (stored.shape().certain() && !stored.shape().equals(shape)) {
      return conflict(stored, Rejections.conflictingShape(prompt, shape, stored.shape()));
    }
    return shaped(stored.definedBy(prompt, arrival));
  }

  /** Applies a rollout to its member, together with earlier judgements of it. */
  public GroupChange on(Rollout rollout, Arrival arrival) {
    Optional<String> violation = EventRules.violation(rollout);
    if (violation.isPresent()) {
      return rejected(Rejection.of(DeadLetters.INVALID, violation.get()));
    }
    String hash = ContentHash.of(rollout.getSegments());
    if (!hash.equals(rollout.getContentHash())) {
      return rejected(Rejections.contentHashMismatch(rollout.getContentHash(), hash));
    }
    MemberId id = MemberId.of(rollout);
    RolledOut arrived = RolledOut.of(rollout, arrival.position());
    if (stored == null) {
      GroupHeader opened = GroupHeader.openedBy(rollout, run, arrival.time());
      return unexpected(opened, id)
          ? rejected(Rejections.notExpected(DeadLetters.INVALID, opened, "rollout", id))
          : accepted(opened, members.get(id), arrived, arrival.time());
    }
    if (!stored.shape().certain() && rollout.getSamplesPerArm() > 0) {
      GroupChange.Open shaped = withoutUnexpected(stored.shapedBy(rollout));
      return merged(shaped, onExpected(shaped.header(), id, arrived, arrival.time()));
    }
    return onExpected(stored, id, arrived, arrival.time());
  }

  private GroupChange onExpected(GroupHeader header, MemberId id, RolledOut arrived, long at) {
    if (unexpected(header, id)) {
      return unexpectedMember(header, "rollout", id);
    }
    if (!header.compared().isEmpty() && !header.compared().contains(id)) {
      return late(header, Rejections.rolloutAfterGroupwiseRequest(header, id));
    }
    if (isFilledByAnother(header, id)) {
      // Another attempt was first in the topic.
      return open(header.duplicate());
    }
    MemberState member = members.get(id);
    RolledOut current = member.rollout();
    if (current == null) {
      return accepted(header, member, arrived, at);
    }
    return current.contentHash().equals(arrived.contentHash())
        ? open(header.duplicate())
        : conflict(header, Rejections.conflictingText(id, current));
  }

  /** Applies a judgement, or holds it until its rollout arrives. */
  public GroupChange on(Judgement judgement, Arrival arrival) {
    Optional<String> violation = EventRules.violation(judgement);
    if (violation.isPresent()) {
      return rejected(Rejection.of(DeadLetters.INVALID, violation.get()));
    }
    if (!judges.contains(judgement.getJudge())) {
      return rejected(Rejections.unknownJudge(judgement, judges));
    }
    GroupHeader header =
        stored == null ? GroupHeader.openedBy(judgement, run, arrival.time()) : stored;
    MemberId id = MemberId.of(judgement);
    if (unexpected(header, id)) {
      return stored == null
          ? rejected(Rejections.notExpected(DeadLetters.INVALID, header, "judgement", id))
          : unexpectedMember(header, "judgement", id);
    }
    if (isFilledByAnother(header, id)) {
      // Of an attempt that came after another one.
      return open(header.duplicate());
    }
    MemberState member = members.get(id);
    Judged judged = Judged.of(judgement, arrival.position());
    RolledOut rollout = member.rollout();
    if (rollout != null && !rollout.contentHash().equals(judged.contentHash())) {
      return conflict(header, Rejections.judgementOfOtherText(null, id, rollout, judged));
    }
    for (Judged earlier : member.judgements()) {
      if (earlier.judge().equals(judged.judge())
          && earlier.contentHash().equals(judged.contentHash())) {
        return earlier.isEquivalent(judged)
            ? open(header.duplicate())
            : conflict(header, Rejections.conflictingVerdict(id, earlier));
      }
    }
    return changed(header, member, member.with(judged), List.of(), arrival.time());
  }

  /**
   * Checks the group's deadline.
   *
   * @param now a time up to which all records of the group's partitions are processed
   * @param runningSince start of this task: an earlier outage must not expire a group, so each open
   *     group has its full time again
   */
  public GroupChange onDeadline(long now, long runningSince) {
    if (stored == null) {
      return new GroupChange.Rejected(List.of());
    }
    GroupHeader header = stored;
    GroupHeader.Times times = header.times();
    long due = Math.max(times.deadlineAt(), runningSince + times.allowedMillis());
    if (now < due) {
      return open(header.dueAt(due));
    }
    Roster roster = Roster.of(header.shape(), members.all(), null);
    return missingMembers
        .atDeadline(header, roster, due)
        .<GroupChange>map(extension -> open(extension, List.of(), List.of()))
        .orElseGet(
            () ->
                new GroupChange.Closed(
                    header, roster.all(), GroupChange.Cause.DEADLINE, neverJudged(header, roster)));
  }

  private List<Rejection> neverJudged(GroupHeader header, Roster roster) {
    List<Rejection> rejections = new ArrayList<>();
    for (MemberState member : roster.known().values()) {
      RolledOut rollout = member.rollout();
      if (rollout != null && !member.isJudgedBy(judges)) {
        rejections.add(Rejections.neverJudged(header, member.id(), rollout));
      }
    }
    return rejections;
  }

  /** Whether this is a refill of the group: its own request, or an operator's. */
  private static boolean isRefill(GroupHeader header, Prompt prompt) {
    return header.prompt() != null
        && !prompt.getMembers().isEmpty()
        && prompt.getMembers().stream()
            .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
            .allMatch(header.shape()::isLaterAttempt);
  }

  /** The group's own requests are known; members that an operator requests are expected too. */
  private static GroupChange refilled(GroupHeader header, List<MemberId> requested) {
    List<GroupHeader.Retry> retries = new ArrayList<>();
    for (MemberId id : requested) {
      List<MemberId> attempts = header.shape().attempts(id);
      if (attempts.getLast().attempt() < id.attempt()) {
        retries.add(
            new GroupHeader.Retry(
                id.arm(), id.index(), attempts.getFirst().attempt(), id.attempt()));
      }
    }
    if (retries.isEmpty()) {
      return new GroupChange.Rejected(List.of());
    }
    GroupHeader.Shape shape = header.shape().with(retries);
    return shape.isWithinRefillLimit()
        ? open(header.with(shape))
        : rejected(Rejections.tooManyAttempts());
  }

  private static boolean unexpected(GroupHeader header, MemberId id) {
    return header.shape().certain() && !header.shape().expects(id);
  }

  /** Whether another attempt has provided this member. */
  private boolean isFilledByAnother(GroupHeader header, MemberId id) {
    return header.shape().attempts(id).stream()
        .anyMatch(other -> !other.equals(id) && members.get(other).rollout() != null);
  }

  private GroupChange accepted(GroupHeader header, MemberState member, RolledOut rollout, long at) {
    List<Rejection> rejections = new ArrayList<>();
    List<Judged> kept = new ArrayList<>();
    for (Judged held : member.judgements()) {
      if (held.contentHash().equals(rollout.contentHash())) {
        kept.add(held);
      } else {
        rejections.add(
            Rejections.judgementOfOtherText(held.position(), member.id(), rollout, held));
      }
    }
    return changed(
        header.conflicts(rejections.size()), member, member.with(rollout, kept), rejections, at);
  }

  /**
   * @param at log time of the event that changed the member, in milliseconds since the epoch
   */
  private GroupChange changed(
      GroupHeader header,
      MemberState before,
      MemberState after,
      List<Rejection> rejections,
      long at) {
    boolean newlyJudged = after.isJudgedBy(judges) && !before.isJudgedBy(judges);
    boolean newlyThere = after.rollout() != null && before.rollout() == null;
    GroupHeader counted =
        newlyJudged || newlyThere
            ? header.present(
                header.counts().rolledOut() + (newlyThere ? 1 : 0),
                header.counts().judged() + (newlyJudged ? 1 : 0))
            : header;
    return continued(counted, after, rejections, at);
  }

  /** Applies the shape that the prompt defines. */
  private GroupChange shaped(GroupHeader header) {
    GroupChange.Open shaped = withoutUnexpected(header);
    return merged(
        shaped, continued(shaped.header(), null, List.of(), shaped.header().times().openedAt()));
  }

  /** Applies a certain shape: earlier members that are not expected are removed. */
  private GroupChange.Open withoutUnexpected(GroupHeader header) {
    List<MemberId> removed = new ArrayList<>();
    List<Rejection> rejections = new ArrayList<>();
    int judged = 0;
    int rolledOut = 0;
    for (MemberState member : members.all()) {
      if (unexpected(header, member.id())) {
        removed.add(member.id());
        rejections.addAll(Rejections.unexpectedMember(header, member));
      } else {
        rolledOut += member.rollout() == null ? 0 : 1;
        judged += member.isJudgedBy(judges) ? 1 : 0;
      }
    }
    GroupHeader counted = header.present(rolledOut, judged).conflicts(rejections.size());
    return new GroupChange.Open(counted, List.of(), removed, rejections, List.of());
  }

  /**
   * Decides by the changed counts whether the group closes, is sent to groupwise judges, or stays
   * open.
   *
   * @param latest the changed member; null for none
   * @param at time of the change, in milliseconds since the epoch
   */
  private GroupChange continued(
      GroupHeader header, @Nullable MemberState latest, List<Rejection> rejections, long at) {
    List<MemberState> changed = latest == null ? List.of() : List.of(latest);
    if (header.isComplete()) {
      Roster roster = Roster.of(header.shape(), members.all(), latest);
      return missingMembers
          .whenJudged(header, roster, at)
          .<GroupChange>map(extension -> open(extension, changed, rejections))
          .orElseGet(
              () ->
                  new GroupChange.Closed(
                      header, roster.all(), GroupChange.Cause.JUDGED, rejections));
    }
    if (groupwise && header.compared().isEmpty() && header.isRolledOut()) {
      Roster roster = Roster.of(header.shape(), members.all(), latest);
      return open(MissingMemberPolicy.compared(header, roster), changed, rejections);
    }
    return new GroupChange.Open(header, changed, List.of(), rejections, List.of());
  }

  private static GroupChange merged(GroupChange.Open before, GroupChange after) {
    List<Rejection> rejections = new ArrayList<>(before.rejections());
    rejections.addAll(after.rejections());
    return switch (after) {
      case GroupChange.Open(var header, var changed, var removed, var ignored, var requests) ->
          new GroupChange.Open(header, changed, before.removed(), rejections, requests);
      case GroupChange.Closed(var header, var all, var cause, var ignored) ->
          new GroupChange.Closed(header, all, cause, rejections);
      case GroupChange.Rejected rejected -> new GroupChange.Rejected(rejections);
    };
  }

  private static GroupChange open(GroupHeader header) {
    return new GroupChange.Open(header, List.of(), List.of(), List.of(), List.of());
  }

  private static GroupChange open(
      MissingMemberPolicy.Extension extension,
      List<MemberState> changed,
      List<Rejection> rejections) {
    return new GroupChange.Open(
        extension.header(), changed, List.of(), rejections, extension.requests());
  }

  /** Removes a member that is not expected any more. */
  private static GroupChange unexpectedMember(GroupHeader header, String what, MemberId id) {
    return header.shape().isSuperseded(id)
        ? late(header, Rejections.supersededAttempt(what, id))
        : conflict(header, Rejections.notExpected(DeadLetters.CONFLICT, header, what, id));
  }

  private static GroupChange late(GroupHeader header, Rejection rejection) {
    return new GroupChange.Open(header, List.of(), List.of(), List.of(rejection), List.of());
  }

  private static GroupChange conflict(GroupHeader header, Rejection rejection) {
    return late(header.conflicts(1), rejection);
  }

  private static GroupChange rejected(Rejection rejection) {
    return new GroupChange.Rejected(List.of(rejection));
  }
}
