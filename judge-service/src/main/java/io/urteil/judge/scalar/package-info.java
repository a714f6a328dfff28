/** Reward models: one number a rollout. */
@NullMarked
package io.urteil.judge.scalar;

import org.jspecify.annotations.NullMarked;
