/**
 * The kinds of batches, each a record of its run-file settings with the pure function that makes
 * the content of a batch from closed groups. Uses events, advantages and run-file keys.
 */
@NullMarked
package io.urteil.batch;

import org.jspecify.annotations.NullMarked;
