/** Fills batches with the closed groups of a run, each group once and in order. */
@NullMarked
package io.urteil.topology.batch;

import org.jspecify.annotations.NullMarked;
