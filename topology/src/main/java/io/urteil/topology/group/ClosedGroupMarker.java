package io.urteil.topology.group;

import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.RecordPosition;
import io.urteil.event.Rollout;
import java.util.HashSet;
import java.util.Set;

/**
 * What stays of a closed group for a while: when it closed and what it had taken, so that an event
 * that repeats one of these is told from one that is late.
 *
 * @param closedAt in milliseconds since the epoch
 * @param taken fingerprints of the prompt, the rollouts and the judgements it had taken, and of the
 *     attempts that it had asked for and could do without
 */
public record ClosedGroupMarker(long closedAt, Set<Long> taken) {

  /** Where a judgement lies is not part of its fingerprint. */
  private static final RecordPosition NOWHERE = new RecordPosition("", 0, 0);

  public ClosedGroupMarker {
    taken = Set.copyOf(taken);
  }

  /** The tombstone of a group that closes now. */
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

  /** Whether this prompt was taken, or is the group's own request for members once more. */
  public boolean has(Prompt prompt) {
    boolean again =
        !prompt.getMembers().isEmpty()
            && prompt.getMembers().stream()
                .map(key -> new MemberId(key.getArm(), key.getIndex(), key.getAttempt()))
                .allMatch(id -> taken.contains(Fingerprint.ofRetried(id)));
    return again || taken.contains(Fingerprint.of(prompt));
  }

  /**
   * Whether this rollout, or the same text for the same member, was taken, or was asked for and
   * became needless.
   */
  public boolean has(Rollout rollout) {
    MemberId id = MemberId.of(rollout);
    return taken.contains(Fingerprint.of(id, rollout.getContentHash()))
        || taken.contains(Fingerprint.ofRetried(id));
  }

  /** Whether this judgement, or one that says the same, was taken, or is of what was needless. */
  public boolean has(Judgement judgement) {
    return taken.contains(Fingerprint.ofRetried(MemberId.of(judgement)))
        || taken.contains(Fingerprint.of(MemberState.Judged.of(judgement, NOWHERE)));
  }
}
