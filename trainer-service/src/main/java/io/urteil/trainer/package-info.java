/**
 * The part that turns batches into policy versions: it reads a run's batches in order, takes one
 * optimiser step for each, and publishes each checkpoint together with what the step did. Also
 * supervised training without a log.
 */
@NullMarked
package io.urteil.trainer;

import org.jspecify.annotations.NullMarked;
