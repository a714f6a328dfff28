package io.urteil.topology.group;

import io.urteil.contract.EventLimits;
import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Topic;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates the rejections of a group, with their messages. Pure. */
final class Rejections {

  private Rejections() {}

  static Rejection emptyPrompt() {
    return Rejection.of(DeadLetters.INVALID, "a prompt without members (expected: at least one)");
  }

  static Rejection conflictingPrompt(Prompt prompt) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "prompt of '%s' contradicts the previous one, which is used"
            .formatted(prompt.getGroupId()));
  }

  static Rejection conflictingShape(
      Prompt prompt, GroupHeader.Shape requested, GroupHeader.Shape current) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "prompt of '%s' has members %s (expected, by its first rollout: %s)"
            .formatted(prompt.getGroupId(), requested, current));
  }

  static Rejection contentHashMismatch(String claimed, String hash) {
    return Rejection.of(
        DeadLetters.HASH_MISMATCH,
        "rollout has content hash '%s' (expected, by its segments: %s)".formatted(claimed, hash));
  }

  static Rejection unknownJudge(Judgement judgement, Set<String> judges) {
    return Rejection.of(
        DeadLetters.INVALID,
        "judgement by '%s' (expected: one of %s)".formatted(judgement.getJudge(), judges));
  }

  static Rejection conflictingText(MemberId id, RolledOut current) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "rollout of %s has another text than the one at offset %d, which is used"
            .formatted(id, current.position().offset()));
  }

  static Rejection conflictingVerdict(MemberId id, Judged current) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "judgement of %s by '%s' contradicts the one at offset %d, which is used"
            .formatted(id, current.judge(), current.position().offset()));
  }

  static Rejection rolloutAfterGroupwiseRequest(GroupHeader header, MemberId id) {
    return Rejection.of(
        DeadLetters.LATE,
        "rollout of %s arrived after the others of '%s' were sent to the groupwise judges"
            .formatted(id, header.groupId()));
  }

  static Rejection supersededAttempt(String what, MemberId id) {
    return Rejection.of(
        DeadLetters.LATE,
        "%s of %s arrived after a later attempt was requested".formatted(what, id));
  }

  /**
   * Rejects an event of a member that the group does not expect.
   *
   * @param cause INVALID for an event that cannot open a group, CONFLICT in an open group
   */
  static Rejection notExpected(String cause, GroupHeader header, String what, MemberId id) {
    return Rejection.of(cause, notExpected(header, what, id));
  }

  /** Rejects all events of a member that is not expected. */
  static List<Rejection> unexpectedMember(GroupHeader header, MemberState member) {
    List<Rejection> rejections = new ArrayList<>();
    RolledOut rollout = member.rollout();
    if (rollout != null) {
      rejections.add(
          Rejection.about(
              Topic.ROLLOUTS,
              rollout.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "rollout", member.id())));
    }
    for (Judged judged : member.judgements()) {
      rejections.add(
          Rejection.about(
              Topic.JUDGEMENTS,
              judged.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "judgement", member.id())));
    }
    return rejections;
  }

  /**
   * Rejects a judgement of other content than the member's rollout.
   *
   * @param position position of the judgement; null for the current record
   */
  static Rejection judgementOfOtherText(
      @Nullable RecordPosition position, MemberId id, RolledOut rollout, Judged judged) {
    return new Rejection(
        DeadLetters.HASH_MISMATCH,
        "judgement of %s judged content %s (expected: %s, the rollout at offset %d)"
            .formatted(
                id, judged.contentHash(), rollout.contentHash(), rollout.position().offset()),
        position == null ? null : new Rejection.Subject(Topic.JUDGEMENTS, position));
  }

  static Rejection tooManyAttempts() {
    return Rejection.of(
        DeadLetters.INVALID,
        "attempts of all refilled members: too many (expected: at most %d)"
            .formatted(EventLimits.REFILL_ATTEMPTS));
  }

  static Rejection neverJudged(GroupHeader header, MemberId id, RolledOut rollout) {
    return Rejection.about(
        Topic.ROLLOUTS,
        rollout.position(),
        DeadLetters.NEVER_JUDGED,
        "member %s of '%s' was not judged by the group's deadline".formatted(id, header.groupId()));
  }

  private static String notExpected(GroupHeader header, String what, MemberId id) {
    return "%s of member %s (expected: %s)".formatted(what, id, header.shape());
  }
}
