/** Searches for answers that a comparison takes as right although they are wrong. */
@NullMarked
package io.urteil.judges.answer.search;

import org.jspecify.annotations.NullMarked;
