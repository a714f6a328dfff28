/**
 * Evaluates judges on benchmarks, through the topics or within one process. Depends on benchmark,
 * measure and report.
 */
@NullMarked
package io.urteil.evaluation;

import org.jspecify.annotations.NullMarked;
