/** Hostile answers as data: texts with which a candidate tries to deceive its judge. */
@NullMarked
package io.urteil.prompt.attack;

import org.jspecify.annotations.NullMarked;
