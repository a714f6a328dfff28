/** The processes of one training run under a steady load, for benchmarks that disturb them. */
@NullMarked
package io.urteil.bench.process;

import org.jspecify.annotations.NullMarked;
