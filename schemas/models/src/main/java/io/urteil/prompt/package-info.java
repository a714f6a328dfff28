/**
 * What a judge is asked and how its answer is read: strict parsers from a judge's text to a
 * verdict, by the name that a run file gives them.
 */
@NullMarked
package io.urteil.prompt;

import org.jspecify.annotations.NullMarked;
