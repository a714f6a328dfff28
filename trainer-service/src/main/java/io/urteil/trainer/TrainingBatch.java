package io.urteil.trainer;

import io.urteil.event.RecordPosition;
import io.urteil.event.RolloutReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch with all its chunks.
 *
 * @param number in the run, from 0
 * @param first position of its first chunk
 * @param resume position of the record after its last chunk
 */
record TrainingBatch(
    String batchId,
    long number,
    List<Member> members,
    RecordPosition first,
    RecordPosition resume) {

  TrainingBatch {
    members = List.copyOf(members);
  }

  /**
   * @param policyVersion that sampled the rollout; null if its producer did not set it
   */
  record Member(
      RolloutReference rollout, double reward, double advantage, @Nullable Long policyVersion) {}
}
