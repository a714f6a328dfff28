/** Reward models: one number a rollout. */
@NullMarked
package io.urteil.judges.scalar;

import org.jspecify.annotations.NullMarked;
