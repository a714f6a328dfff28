/** Numbers of answers: exact and complex values, their notations, units, and words around them. */
@NullMarked
package io.urteil.judges.answer.number;

import org.jspecify.annotations.NullMarked;
