package io.urteil.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * Where training stood when a full checkpoint was written: {@code trainer-state.json}. A step draws
 * no random numbers, so there is no random state to keep.
 *
 * @param version number of batches behind the weights
 * @param lineage unbroken line of updates
 * @param resume where on the batches topic training goes on; null when it did not come from one
 */
public record TrainerState(long version, String lineage, @Nullable Resume resume) {

  /**
   * A position on a topic as the file stores it.
   *
   * @param offset the next to read
   */
  public record Resume(String topic, int partition, long offset) {}
}
