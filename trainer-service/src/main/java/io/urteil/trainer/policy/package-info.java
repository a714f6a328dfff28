/**
 * The policy in libtorch: decoder, optimiser and the thread that owns both. No other package
 * accesses tensors.
 */
@NullMarked
package io.urteil.trainer.policy;

import org.jspecify.annotations.NullMarked;
