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
 * @param taken fingerprints of the accepted prompt, rollouts and judgements, and of requested
 *     attempts that became unnecessary
 */
public record ClosedGroupMarker(long closedAt, Set<Long> taken) {

  /** Where a judgement lies is not part of its fingerprint. */
  private static final RecordPosition NOWHERE = new RecordPosition("", 0, 0);

  public ClosedGroupMarker {
    taken = Set.copyOf(taken);
  }

  /** The marker of a group that closes now. */
  public static ClosedGroupMarker of(GroupChange.Closed closed, long now) {
    Set<Long> taken = new HashSet<>();
    if (closed.header().prompt() != null) {
      taken.add(closed.header().prompt().fingerprint());
    }
    for (MemberState member : closed.members()) {
      if (member.rollout() != null) {
        taken.add(Fingerprint.of(member.id(), member.rollout().contentHash()));
      }
      member.judgements().forEach(judged -> taken.add(Fingerprint.of(judged)));
    }
    for (MemberId retried : closed.header().shape().retried()) {
      taken.add(Fingerprint.ofRetried(retried));
    }
    return new ClosedGroupMarker(now, taken);
  }

  /** Whether this prompt was accepted, or is the group's own refill. */
  public boolean has(Prompt prompt) {
    boolean again =
        !prompt.getMembers().isEmpty()
            && prompt.getMembers().stream()
                .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
                .allMatch(id -> taken.contains(Fingerprint.ofRetried(id)));
    return again || taken.contains(Fingerprint.of(prompt));
  }

  /**
   * Whether this rollout, or the same text for the same member, was accepted, or was requested and
   * became unnecessary.
   */
  public boolean has(Rollout rollout) {
    MemberId id = MemberId.of(rollout);
    return taken.contains(Fingerprint.of(id, rollout.getContentHash()))
        || taken.contains(Fingerprint.ofRetried(id));
  }

  /** Whether this judgement, or an equal one, was accepted, or is of an unnecessary rollout. */
  public boolean has(Judgement judgement) {
    return taken.contains(Fingerprint.ofRetried(MemberId.of(judgement)))
        || taken.contains(Fingerprint.of(MemberState.Judged.of(judgement, NOWHERE)));
  }
}
