/** Samples the next token from a row of logits. May use runtime, no other package of the engine. */
@NullMarked
package io.urteil.engine.sampling;

import org.jspecify.annotations.NullMarked;
