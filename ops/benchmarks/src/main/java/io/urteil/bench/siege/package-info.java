/** Attacks on a training run by hostile events and disturbed processes. */
@NullMarked
package io.urteil.bench.siege;

import org.jspecify.annotations.NullMarked;
