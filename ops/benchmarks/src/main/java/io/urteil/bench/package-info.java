/** Benchmarks: each measures its ceiling in the same run and prints a ratio. */
@NullMarked
package io.urteil.bench;

import org.jspecify.annotations.NullMarked;
