/** Evaluation reports as JSON, page and plot. Uses measure. */
@NullMarked
package io.urteil.evaluation.report;

import org.jspecify.annotations.NullMarked;
