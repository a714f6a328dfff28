/**
 * The contract of reward rules: judged members in, rewards out. Uses events only. The rules are in
 * {@code io.urteil.reward.rule}.
 */
@NullMarked
package io.urteil.reward;

import org.jspecify.annotations.NullMarked;
