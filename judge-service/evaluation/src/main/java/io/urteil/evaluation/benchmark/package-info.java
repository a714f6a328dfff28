/** Reads benchmark data files and recorded verdicts. Uses measure. */
@NullMarked
package io.urteil.evaluation.benchmark;

import org.jspecify.annotations.NullMarked;
