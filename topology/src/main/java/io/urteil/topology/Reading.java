package io.urteil.topology;

/** Is told of every record that the group step has finished with. */
@FunctionalInterface
interface Reading {

  /** The record at this place is processed. Called on the task's thread. */
  void processed(String topic, int partition, long offset);
}
