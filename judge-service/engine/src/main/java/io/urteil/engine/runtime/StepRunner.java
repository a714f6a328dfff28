package io.urteil.engine.runtime;

import ai.onnxruntime.OrtException;

/**
 * Runs the steps of an {@link InferenceDecoder} on its device, and keeps the slots there. Not
 * thread-safe.
 */
interface StepRunner extends AutoCloseable {

  /**
   * Processes the tokens of {@link StepBuffers} after those in the slots.
   *
   * @param firstSlot the slot of row 0; the others follow
   * @param newTokens of each row
   * @param decoding whether each row has one token: such steps repeat
   */
  void run(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException;

  /** The logits of the last run. */
  Logits logits();

  /** Copies the first {@code length} positions of a slot from another. */
  void copy(int from, int to, int length);

  /** The same, and gives back the memory of the first slot where that is possible. */
  default void move(int from, int to, int length) {
    copy(from, to, length);
  }

  /** Gives back the memory of a slot beyond its first positions, where that is possible. */
  default void release(int slot, int length) {}

  @Override
  void close();
}
