package io.urteil.engine.runtime;

import io.urteil.engine.EngineSettings;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * The input of a step, outside the heap: written by the {@link InferenceDecoder}, read by its
 * {@link StepRunner}.
 *
 * @param tokens of all rows, row by row
 * @param lastPositions {@code [row]}: position of a row's newest token in its slot
 * @param totalLength one number: the length of the longest row, past included
 * @param logitsPositions {@code [row]}: the new token of a row whose logits are computed
 * @param firstPosition {@code [row]}: zeros, the first position of rows with one new token
 * @param scales {@code [row]}: 1 / temperature of the next token
 */
record StepBuffers(
    LongBuffer tokens,
    IntBuffer lastPositions,
    IntBuffer totalLength,
    LongBuffer logitsPositions,
    LongBuffer firstPosition,
    FloatBuffer scales) {

  static StepBuffers allocate(Arena arena, EngineSettings settings) {
    int rows = settings.slots();
    int newTokens = Math.max(rows, Math.max(settings.prefillTokens(), settings.prefillChunk()));
    return new StepBuffers(
        bytes(arena, (long) newTokens * Long.BYTES).asLongBuffer(),
        bytes(arena, (long) rows * Integer.BYTES).asIntBuffer(),
        bytes(arena, Integer.BYTES).asIntBuffer(),
        bytes(arena, (long) rows * Long.BYTES).asLongBuffer(),
        bytes(arena, (long) rows * Long.BYTES).asLongBuffer(),
        bytes(arena, (long) rows * Float.BYTES).asFloatBuffer());
  }

  LongBuffer wanted(boolean decoding) {
    return decoding ? firstPosition : logitsPositions;
  }

  static ByteBuffer bytes(Arena arena, long size) {
    return arena.allocate(size, 64).asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
