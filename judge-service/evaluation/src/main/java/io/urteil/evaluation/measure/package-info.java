/**
 * Measures of a judge on labelled comparisons: accuracy, agreement, confidence intervals. Pure;
 * depends on prompts only.
 */
@NullMarked
package io.urteil.evaluation.measure;

import org.jspecify.annotations.NullMarked;
