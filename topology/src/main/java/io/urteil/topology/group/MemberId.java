package io.urteil.topology.group;

import io.urteil.event.Judgement;
import io.urteil.event.Rollout;

/**
 * One member within its group.
 *
 * @param arm the prompt variant
 * @param index number of the sample within its arm, from 0
 * @param attempt 0 for the first one
 */
public record MemberId(String arm, int index, int attempt) {

  /** The member of a rollout. */
  public static MemberId of(Rollout rollout) {
    return new MemberId(rollout.getArm(), rollout.getIndex(), rollout.getAttempt());
  }

  /** The member of a judgement. */
  public static MemberId of(Judgement judgement) {
    return new MemberId(judgement.getArm(), judgement.getIndex(), judgement.getAttempt());
  }

  @Override
  public String toString() {
    return arm + "/" + index + (attempt == 0 ? "" : "/" + attempt);
  }
}
