package io.urteil.engine.runtime;

import io.urteil.engine.EngineSettings;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/**
 * What a step reads, outside the heap: written by the {@link InferenceDecoder}, read by its {@link
 * StepRunner}.
 *
 * @param tokens of all rows, one row after the other
 * @param lastPositions {@code [row]}: where in its slot a row's newest token stands
 * @param totalLength one number: the longest row, all its tokens counted
 * @param logitsPositions {@code [row]}: which of a row's new tokens the logits are wanted for
 * @param firstPosition {@code [row]}: zeros, that of rows with one new token
 * @param scales {@code [row]}: 1 / temperature of what will be drawn
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
