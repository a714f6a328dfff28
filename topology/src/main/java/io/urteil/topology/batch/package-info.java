/** How the closed groups of a run become batches, each group once and in order. */
@NullMarked
package io.urteil.topology.batch;

import org.jspecify.annotations.NullMarked;
