package io.urteil.topology.group;

import io.urteil.event.Judgement;
import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import java.util.HashSet;
import java.util.Set;

/**
 * What stays of a closed group for a while: when it closed and what it had taken, so that an event
 * that repeats one of these is told from one that is late.
 *
 * @param closedAt in milliseconds since the epoch
 * @param taken fingerprints of the prompt, the rollouts and the judgements it had taken
 */
public record Tombstone(long closedAt, Set<Long> taken) {

  public Tombstone {
    taken = Set.copyOf(taken);
  }

  /** The tombstone of a group that closes now. */
  public static Tombstone of(GroupChange.Closed closed, long now) {
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
    return new Tombstone(now, taken);
  }

  /** Whether this prompt was taken. */
  public boolean has(Prompt prompt) {
    return taken.contains(Fingerprint.of(prompt));
  }

  /** Whether this rollout, or the same text for the same member, was taken. */
  public boolean has(Rollout rollout) {
    return taken.contains(Fingerprint.of(MemberId.of(rollout), rollout.getContentHash()));
  }

  /** Whether this judgement, or one that says the same, was taken. */
  public boolean has(Judgement judgement) {
    return taken.contains(Fingerprint.of(MemberState.Judged.of(judgement, new Position(0, 0))));
  }
}
