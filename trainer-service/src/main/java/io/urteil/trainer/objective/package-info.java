/**
 * Losses as pure functions of the log-probabilities of trained tokens, each with its derivative, so
 * that this package needs no tensor library.
 */
@NullMarked
package io.urteil.trainer.objective;

import org.jspecify.annotations.NullMarked;
