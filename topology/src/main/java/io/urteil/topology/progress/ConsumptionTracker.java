package io.urteil.topology.progress;

/** Tracks the processed records of the steps and decides when a transaction should end early. */
public interface ConsumptionTracker {

  /**
   * The group step's task of this partition starts, possibly after an aborted transaction, whose
   * records are then read again. Called on the task's thread.
   */
  void restarted(int partition);

  /** A group or batch has closed, which other components wait for. Called on the task's thread. */
  void closed();

  /**
   * The record at this position is processed. Called on the task's thread.
   *
   * @return whether to commit now: a group or batch has closed on this thread since the last early
   *     commit, and all polled records are processed. Under load the commit interval applies,
   *     because a transaction costs as much as many events
   */
  boolean processed(String topic, int partition, long offset);
}
