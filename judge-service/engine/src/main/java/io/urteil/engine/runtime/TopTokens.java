package io.urteil.engine.runtime;

import io.urteil.engine.graph.DecoderGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * What a device gives back of each row of logits in place of all of them.
 *
 * @param size tokens per row
 * @param values {@code [row, size]}: the largest logits, falling
 * @param ids {@code [row, size]}: their tokens, rising among equals
 * @param blockSums {@code [row, block]}: sums of exp((logit - largest) * scale) over {@link #BLOCK}
 *     tokens each, in the order of their ids
 * @param scales {@code [row]}: 1 / temperature that the sums were made with
 */
public record TopTokens(
    int size, FloatBuffer values, LongBuffer ids, FloatBuffer blockSums, FloatBuffer scales) {

  /** Tokens that are summed together. */
  public static final int BLOCK = DecoderGraph.SUM_BLOCK;

  /** Blocks of a vocabulary; the last may have fewer tokens. */
  public static int blocks(int vocabulary) {
    return (vocabulary + BLOCK - 1) / BLOCK;
  }
}
