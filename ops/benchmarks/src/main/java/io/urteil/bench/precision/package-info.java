/** Compares the verdicts of one judge between two precisions of its weights. */
@NullMarked
package io.urteil.bench.precision;

import org.jspecify.annotations.NullMarked;
