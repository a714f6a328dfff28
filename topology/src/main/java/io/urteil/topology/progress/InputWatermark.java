package io.urteil.topology.progress;

/**
 * The time up to which the input of a task is processed. A deadline fires only after all records
 * that were committed before it are processed; otherwise a topology that was down would expire
 * healthy groups.
 */
@FunctionalInterface
public interface InputWatermark {

  /** The time is not known yet. */
  long UNKNOWN = Long.MIN_VALUE;

  /**
   * The latest known time, in milliseconds since the epoch, at which all records then committed to
   * this partition of the input topics are processed. Called on the task's thread whenever a group
   * is due. Does not block: it may return {@link #UNKNOWN} and fetch the offsets for the next call.
   *
   * @param now the wall-clock time of the task
   */
  long processedUpTo(int partition, long now);
}
