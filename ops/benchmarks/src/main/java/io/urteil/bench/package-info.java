/** Benchmarks. Each also measures its upper bound or reference in the same run. */
@NullMarked
package io.urteil.bench;

import org.jspecify.annotations.NullMarked;
