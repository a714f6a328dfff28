package io.urteil.topology.group;

import io.urteil.event.DeadLetters;
import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Topic;
import io.urteil.topology.group.MemberState.Judged;
import io.urteil.topology.group.MemberState.RolledOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a group has against an event, in words. Pure. */
final class Objections {

  private Objections() {}

  static Letter asksForNobody() {
    return Letter.of(DeadLetters.INVALID, "a prompt for no members (expected: at least one)");
  }

  static Letter asksForSomethingElse(Prompt prompt) {
    return Letter.of(
        DeadLetters.CONFLICT,
        "prompt of '%s' asks for something else than the one before it, which stands"
            .formatted(prompt.getGroupId()));
  }

  static Letter asksForOthersThanTheFirstRollout(
      Prompt prompt, GroupHeader.Shape asked, GroupHeader.Shape stands) {
    return Letter.of(
        DeadLetters.CONFLICT,
        "prompt of '%s' asks for %s (expected, by its first rollout: %s)"
            .formatted(prompt.getGroupId(), asked, stands));
  }

  static Letter hashIsNotOfTheSegments(String said, String hash) {
    return Letter.of(
        DeadLetters.HASH_MISMATCH,
        "rollout says content hash '%s' (expected, by its segments: %s)".formatted(said, hash));
  }

  static Letter unknownJudge(Judgement judgement, Set<String> judges) {
    return Letter.of(
        DeadLetters.INVALID,
        "judgement by '%s' (expected: one of %s)".formatted(judgement.getJudge(), judges));
  }

  static Letter anotherText(MemberId id, RolledOut stands) {
    return Letter.of(
        DeadLetters.CONFLICT,
        "rollout of %s has another text than the one at offset %d, which stands"
            .formatted(id, stands.position().offset()));
  }

  static Letter anotherVerdict(MemberId id, Judged stands) {
    return Letter.of(
        DeadLetters.CONFLICT,
        "judgement of %s by '%s' contradicts the one at offset %d, which stands"
            .formatted(id, stands.judge(), stands.position().offset()));
  }

  static Letter afterTheComparison(GroupHeader header, MemberId id) {
    return Letter.of(
        DeadLetters.LATE,
        "rollout of %s came after the others of '%s' had gone to the judges that compare them"
            .formatted(id, header.groupId()));
  }

  static Letter afterALaterAttempt(String what, MemberId id) {
    return Letter.of(
        DeadLetters.LATE,
        "%s of %s came after a later attempt of it was asked for".formatted(what, id));
  }

  /**
   * @param cause INVALID for an event that opens no group, CONFLICT in a group that is open
   */
  static Letter notExpected(String cause, GroupHeader header, String what, MemberId id) {
    return Letter.of(cause, notExpected(header, what, id));
  }

  /** Everything that was held of a member that turned out not to be expected. */
  static List<Letter> strays(GroupHeader header, MemberState member) {
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

  /**
   * @param position where the judgement lies; null for the record at hand
   */
  static Letter judgedAnotherText(
      @Nullable Position position, MemberId id, RolledOut rollout, Judged judged) {
    return new Letter(
        DeadLetters.HASH_MISMATCH,
        "judgement of %s judged content %s (expected: %s, the rollout at offset %d)"
            .formatted(
                id, judged.contentHash(), rollout.contentHash(), rollout.position().offset()),
        position == null ? null : new Letter.About(Topic.JUDGEMENTS, position));
  }

  static Letter neverJudged(GroupHeader header, MemberId id, RolledOut rollout) {
    return Letter.about(
        Topic.ROLLOUTS,
        rollout.position(),
        DeadLetters.NEVER_JUDGED,
        "member %s of '%s' was not judged by the group's deadline".formatted(id, header.groupId()));
  }

  private static String notExpected(GroupHeader header, String what, MemberId id) {
    return "%s of member %s (expected: %s)".formatted(what, id, header.shape());
  }
}
