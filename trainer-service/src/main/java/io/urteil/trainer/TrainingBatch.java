package io.urteil.trainer;

import io.urteil.event.RecordPosition;
import io.urteil.event.RolloutReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch with all its parts.
 *
 * @param number in the run, from 0
 * @param first where its first part lies
 * @param resume where the record after its last part lies
 */
record TrainingBatch(
    String batchId, long number, List<Member> members, RecordPosition first, RecordPosition resume) {

  TrainingBatch {
    members = List.copyOf(members);
  }

  /**
   * @param policyVersion that wrote the rollout; null when its producer did not say
   */
  record Member(
      RolloutReference rollout, double reward, double advantage, @Nullable Long policyVersion) {}
}
