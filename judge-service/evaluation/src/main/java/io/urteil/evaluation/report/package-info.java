/** Evaluation reports as JSON, page and plot. Depends on measure. */
@NullMarked
package io.urteil.evaluation.report;

import org.jspecify.annotations.NullMarked;
