/**
 * Evaluates judges on benchmarks, over the topics or directly. Uses benchmark, measure and report.
 */
@NullMarked
package io.urteil.evaluation;

import org.jspecify.annotations.NullMarked;
