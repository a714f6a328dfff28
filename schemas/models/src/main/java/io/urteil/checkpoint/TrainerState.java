package io.urteil.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * The training state of a full checkpoint: {@code trainer-state.json}. A step draws no random
 * numbers, so there is no random state to keep.
 *
 * @param version number of batches that the weights were trained on
 * @param lineage unbroken sequence of updates
 * @param resume position on the batches topic to resume from; null if training did not read one
 */
public record TrainerState(long version, String lineage, @Nullable Resume resume) {

  /**
   * A position on a topic, as the file stores it.
   *
   * @param offset the next one to read
   */
  public record Resume(String topic, int partition, long offset) {}
}
