/** Finds the final answer in a model's text and compares it with a reference. */
@NullMarked
package io.urteil.judges.answer;

import org.jspecify.annotations.NullMarked;
