/**
 * Draws the next token from a row of logits. Uses runtime for the rows, nothing else of the engine.
 */
@NullMarked
package io.urteil.engine.sampling;

import org.jspecify.annotations.NullMarked;
