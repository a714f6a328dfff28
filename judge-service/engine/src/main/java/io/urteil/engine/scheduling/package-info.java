/**
 * Continuous batching: which requests share the next step of the model. Uses sampling and runtime.
 */
@NullMarked
package io.urteil.engine.scheduling;

import org.jspecify.annotations.NullMarked;
