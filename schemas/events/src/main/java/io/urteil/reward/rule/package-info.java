/**
 * The reward rules, each a record of its run-file settings with the pure function that scores a
 * closed group. No failure becomes a number. Uses events and run-file keys.
 */
@NullMarked
package io.urteil.reward.rule;

import org.jspecify.annotations.NullMarked;
