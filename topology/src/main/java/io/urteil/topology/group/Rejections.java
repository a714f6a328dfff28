package io.urteil.topology.group;

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

  static Rejection asksForNobody() {
    return Rejection.of(DeadLetters.INVALID, "a prompt without members (expected: at least one)");
  }

  static Rejection asksForSomethingElse(Prompt prompt) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "prompt of '%s' contradicts the previous one, which is used"
            .formatted(prompt.getGroupId()));
  }

  static Rejection asksForOthersThanTheFirstRollout(
      Prompt prompt, GroupHeader.Shape asked, GroupHeader.Shape stands) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "prompt of '%s' has members %s (expected, by its first rollout: %s)"
            .formatted(prompt.getGroupId(), asked, stands));
  }

  static Rejection hashIsNotOfTheSegments(String said, String hash) {
    return Rejection.of(
        DeadLetters.HASH_MISMATCH,
        "rollout has content hash '%s' (expected, by its segments: %s)".formatted(said, hash));
  }

  static Rejection unknownJudge(Judgement judgement, Set<String> judges) {
    return Rejection.of(
        DeadLetters.INVALID,
        "judgement by '%s' (expected: one of %s)".formatted(judgement.getJudge(), judges));
  }

  static Rejection anotherText(MemberId id, RolledOut stands) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "rollout of %s has another text than the one at offset %d, which is used"
            .formatted(id, stands.position().offset()));
  }

  static Rejection anotherVerdict(MemberId id, Judged stands) {
    return Rejection.of(
        DeadLetters.CONFLICT,
        "judgement of %s by '%s' contradicts the one at offset %d, which is used"
            .formatted(id, stands.judge(), stands.position().offset()));
  }

  static Rejection afterTheComparison(GroupHeader header, MemberId id) {
    return Rejection.of(
        DeadLetters.LATE,
        "rollout of %s arrived after the others of '%s' were sent to the groupwise judges"
            .formatted(id, header.groupId()));
  }

  static Rejection afterALaterAttempt(String what, MemberId id) {
    return Rejection.of(
        DeadLetters.LATE,
        "%s of %s arrived after a later attempt was requested".formatted(what, id));
  }

  /**
   * @param cause INVALID for an event that cannot open a group, CONFLICT in an open group
   */
  static Rejection notExpected(String cause, GroupHeader header, String what, MemberId id) {
    return Rejection.of(cause, notExpected(header, what, id));
  }

  /** All held events of a member that is not expected. */
  static List<Rejection> strays(GroupHeader header, MemberState member) {
    List<Rejection> letters = new ArrayList<>();
    RolledOut rollout = member.rollout();
    if (rollout != null) {
      letters.add(
          Rejection.about(
              Topic.ROLLOUTS,
              rollout.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "rollout", member.id())));
    }
    for (Judged judged : member.judgements()) {
      letters.add(
          Rejection.about(
              Topic.JUDGEMENTS,
              judged.position(),
              DeadLetters.CONFLICT,
              notExpected(header, "judgement", member.id())));
    }
    return letters;
  }

  /**
   * @param position position of the judgement; null for the current record
   */
  static Rejection judgedAnotherText(
      @Nullable RecordPosition position, MemberId id, RolledOut rollout, Judged judged) {
    return new Rejection(
        DeadLetters.HASH_MISMATCH,
        "judgement of %s judged content %s (expected: %s, the rollout at offset %d)"
            .formatted(
                id, judged.contentHash(), rollout.contentHash(), rollout.position().offset()),
        position == null ? null : new Rejection.About(Topic.JUDGEMENTS, position));
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
