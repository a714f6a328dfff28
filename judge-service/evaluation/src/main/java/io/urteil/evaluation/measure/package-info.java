/**
 * Scores of a judge on labelled comparisons: accuracy, agreement, intervals. Pure; uses prompts
 * only.
 */
@NullMarked
package io.urteil.evaluation.measure;

import org.jspecify.annotations.NullMarked;
