package io.urteil.topology.progress;

/**
 * Tells a task how far it has read in terms of time: a deadline may only fire when all that was on
 * the log at the deadline has been read, or a topology that was down would expire healthy groups.
 */
@FunctionalInterface
public interface InputWatermark {

  /** Nothing is known yet. */
  long UNKNOWN = Long.MIN_VALUE;

  /**
   * The latest time, in milliseconds since the epoch, of which it is known that everything then on
   * this partition of the input topics has been processed. Called on the task's own thread with its
   * wall-clock time whenever something is due; does not wait, but may answer {@link #UNKNOWN} and
   * find out for the next call.
   */
  long caughtUpTo(int partition, long now);
}
