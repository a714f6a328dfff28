/** Reads benchmark data files and recorded verdicts. Depends on measure. */
@NullMarked
package io.urteil.evaluation.benchmark;

import org.jspecify.annotations.NullMarked;
