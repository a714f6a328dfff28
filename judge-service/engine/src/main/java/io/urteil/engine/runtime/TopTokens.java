package io.urteil.engine.runtime;

import io.urteil.engine.graph.DecoderGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * The part of each row of logits that a device returns.
 *
 * @param size tokens per row
 * @param values {@code [row, size]}: the largest logits, descending
 * @param ids {@code [row, size]}: their tokens, ascending among equals
 * @param blockSums {@code [row, block]}: sums of exp((logit - largest) * scale) over {@link #BLOCK}
 *     tokens each, in the order of their ids
 * @param scales {@code [row]}: 1 / temperature of the sums
 */
public record TopTokens(
    int size, FloatBuffer values, LongBuffer ids, FloatBuffer blockSums, FloatBuffer scales) {

  /** Tokens in one sum. */
  public static final int BLOCK = DecoderGraph.SUM_BLOCK;

  /** Blocks of a vocabulary; the last may have fewer tokens. */
  public static int blocks(int vocabulary) {
    return (vocabulary + BLOCK - 1) / BLOCK;
  }
}
