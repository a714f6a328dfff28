package io.urteil.engine;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * What a device gives back of each row of logits in place of all of them.
 *
 * @param size tokens per row
 * @param values {@code [row, size]}: the largest logits, falling
 * @param ids {@code [row, size]}: their tokens, rising among equals
 * @param logSums {@code [row]}: logarithm of the sum of exp(logit * scale), over the vocabulary
 * @param scales {@code [row]}: 1 / temperature that the sum was made with
 */
record TopTokens(
    int size, FloatBuffer values, LongBuffer ids, FloatBuffer logSums, FloatBuffer scales) {}
