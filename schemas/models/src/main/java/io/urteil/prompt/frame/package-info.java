/** Keeps texts of questions and candidates apart from the headings of a judge prompt. */
@NullMarked
package io.urteil.prompt.frame;

import org.jspecify.annotations.NullMarked;
