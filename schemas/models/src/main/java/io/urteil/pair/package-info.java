/**
 * Questions with two answers and gold values, which training and evaluation read from JSON lines.
 * Depends on prompts and the JSON library.
 */
@NullMarked
package io.urteil.pair;

import org.jspecify.annotations.NullMarked;
