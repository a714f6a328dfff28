package io.urteil.topology;

/**
 * Is told what the group step has done, to know how far it is and when a transaction should end.
 */
interface Reading {

  /**
   * The task of this partition begins, perhaps again after a transaction was aborted: what was
   * processed before is read once more. Called on the task's thread.
   */
  void begins(int partition);

  /** A group has closed, for which others wait. Called on the task's thread. */
  void closedGroup();

  /**
   * The record at this place is processed. Called on the task's thread.
   *
   * @return whether the transaction should end now: this thread has closed a group since it last
   *     should, and has nothing more to process for the moment
   */
  boolean processed(String topic, int partition, long offset);
}
