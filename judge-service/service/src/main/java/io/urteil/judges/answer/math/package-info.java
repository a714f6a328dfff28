/** Reads mathematical answers in LaTeX or plain text, and compares what they mean. */
@NullMarked
package io.urteil.judges.answer.math;

import org.jspecify.annotations.NullMarked;
