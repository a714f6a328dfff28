/**
 * Evaluating judges: benchmarks as streams of comparisons through the same judges and topics as
 * training, and what the judgements come to.
 */
@NullMarked
package io.urteil.local.evaluate;

import org.jspecify.annotations.NullMarked;
