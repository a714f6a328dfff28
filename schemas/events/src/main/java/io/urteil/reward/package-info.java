/**
 * What a run's rule pays for judged rollouts: pure functions over a group that has closed. A
 * failure is never turned into a number.
 */
@NullMarked
package io.urteil.reward;

import org.jspecify.annotations.NullMarked;
