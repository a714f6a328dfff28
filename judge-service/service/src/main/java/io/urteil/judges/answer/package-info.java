/** Judges that extract the final answer of a text and compare it with a reference or a majority. */
@NullMarked
package io.urteil.judges.answer;

import org.jspecify.annotations.NullMarked;
