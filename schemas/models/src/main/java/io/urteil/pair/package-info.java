/**
 * Questions with two answers and gold values, read from JSON lines for training and evaluation. May
 * use judge prompts and the JSON library.
 */
@NullMarked
package io.urteil.pair;

import org.jspecify.annotations.NullMarked;
