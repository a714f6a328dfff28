/**
 * What a batch costs: losses as pure functions of the log-probabilities of trained tokens, each
 * with its derivative, so that nothing here needs a tensor library.
 */
@NullMarked
package io.urteil.trainer.objective;

import org.jspecify.annotations.NullMarked;
