/**
 * Questions with two answers and a human label, as training and evaluation read them from JSON
 * lines; imports prompts and the JSON library.
 */
@NullMarked
package io.urteil.pair;

import org.jspecify.annotations.NullMarked;
