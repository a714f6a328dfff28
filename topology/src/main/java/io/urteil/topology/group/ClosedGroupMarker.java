package io.urteil.topology.group;

import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import java.util.HashSet;
import java.util.Set;

/**
 * The remaining state of a closed group: its closing time and its accepted events, which
 * distinguish a repeated event from a late one.
 *
 * @param closedAt in milliseconds since the epoch
 * @param accepted fingerprints of the accepted prompt, rollouts and judgements, and of requested
 *     attempts that became unnecessary
 */
public record ClosedGroupMarker(long closedAt, Set<Long> accepted) {

  /** Placeholder: the position of a judgement is not part of its fingerprint. */
  private static final RecordPosition NO_POSITION = new RecordPosition("", 0, 0);

  public ClosedGroupMarker {
    accepted = Set.copyOf(accepted);
  }

  /** The marker of a group that closes now. */
  public static ClosedGroupMarker of(GroupChange.Closed closed, long now) {
    Set<Long> accepted = new HashSet<>();
    if (closed.header().prompt() != null) {
      accepted.add(closed.header().prompt().fingerprint());
    }
    for (MemberState member : closed.members()) {
      if (member.rollout() != null) {
        accepted.add(Fingerprint.of(member.id(), member.rollout().contentHash()));
      }
      member.judgements().forEach(judged -> accepted.add(Fingerprint.of(judged)));
    }
    for (MemberId retried : closed.header().shape().retried()) {
      accepted.add(Fingerprint.ofRetried(retried));
    }
    return new ClosedGroupMarker(now, accepted);
  }

  /** Whether this prompt was accepted, or is the group's own refill. */
  public boolean contains(Prompt prompt) {
    boolean refill =
        !prompt.getMembers().isEmpty()
            && prompt.getMembers().stream()
                .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
                .allMatch(id -> accepted.contains(Fingerprint.ofRetried(id)));
    return refill || accepted.contains(Fingerprint.of(prompt));
  }

  /**
   * Whether this rollout, or the same text for the same member, was accepted, or was requested and
   * became unnecessary.
   */
  public boolean contains(Rollout rollout) {
    MemberId id = MemberId.of(rollout);
    return accepted.contains(Fingerprint.of(id, rollout.getContentHash()))
        || accepted.contains(Fingerprint.ofRetried(id));
  }

  /** Whether this judgement, or an equal one, was accepted, or is of an unnecessary rollout. */
  public boolean contains(Judgement judgement) {
    return accepted.contains(Fingerprint.ofRetried(MemberId.of(judgement)))
        || accepted.contains(Fingerprint.of(MemberState.Judged.of(judgement, NO_POSITION)));
  }
}
