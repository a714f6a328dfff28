package io.urteil.engine.runtime;

import ai.onnxruntime.OrtException;

/**
 * Runs the steps of a {@link InferenceDecoder} where its model is, and keeps the slots there. Not
 * safe for several threads.
 */
interface StepRunner extends AutoCloseable {

  /**
   * Runs the tokens of {@link StepBuffers}, some for each row, behind what the slots have.
   *
   * @param firstSlot the slot of row 0; the others follow
   * @param newTokens of each row
   * @param decoding whether each row brings one token: such steps come again and again
   */
  void run(int firstSlot, int rows, int newTokens, boolean decoding) throws OrtException;

  /** What the last run left. */
  Logits logits();

  /** Makes the first {@code length} positions of a slot those of another. */
  void copy(int from, int to, int length);

  @Override
  void close();
}
