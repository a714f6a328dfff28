package io.urteil.topology.progress;

/** Is told what the steps have done, to know how far they are and when a transaction should end. */
public interface ConsumptionTracker {

  /**
   * The group step's task of this partition begins, perhaps again after a transaction was aborted:
   * what was processed before is read once more. Called on the task's thread.
   */
  void begins(int partition);

  /** A group or a batch has closed, for which others wait. Called on the task's thread. */
  void closed();

  /**
   * The record at this place is processed. Called on the task's thread.
   *
   * @return whether the transaction should end now: something has closed on this thread since it
   *     last should, and there is nothing more to process for the moment. While there is more, the
   *     commit interval says when it ends: a transaction costs as much as many events
   */
  boolean processed(String topic, int partition, long offset);
}
