/** Slow and dead judges beside others, on one judge worker. */
@NullMarked
package io.urteil.bench.tail;

import org.jspecify.annotations.NullMarked;
