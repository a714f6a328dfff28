/**
 * The policy as libtorch sees it: decoder, optimiser and the one thread that owns both. No other
 * package touches a tensor.
 */
@NullMarked
package io.urteil.trainer.policy;

import org.jspecify.annotations.NullMarked;
