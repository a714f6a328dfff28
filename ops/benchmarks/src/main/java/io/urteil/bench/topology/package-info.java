/**
 * How fast rollouts become batches, how much is written for it, and what many open groups and many
 * slow workers cost; each beside the ceiling of the same broker.
 */
@NullMarked
package io.urteil.bench.topology;

import org.jspecify.annotations.NullMarked;
