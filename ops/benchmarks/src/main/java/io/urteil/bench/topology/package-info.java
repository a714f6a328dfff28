/**
 * Benchmarks of the path from rollouts to batches: throughput, bytes written, latency, open groups,
 * restart and worker scaling, compared with the bare broker.
 */
@NullMarked
package io.urteil.bench.topology;

import org.jspecify.annotations.NullMarked;
