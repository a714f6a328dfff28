/** Hostile answers, as data: what a candidate may write to fool its judge. */
@NullMarked
package io.urteil.prompt.attack;

import org.jspecify.annotations.NullMarked;
