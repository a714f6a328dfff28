/**
 * The arithmetic judge's task: sums with two candidate answers, the files that hold them, the
 * demonstrations that the seed judge learns from and the files of its model. Nothing outside this
 * package knows the task; the loop sees prompts, references and tokens.
 */
@NullMarked
package io.urteil.local.arithmetic;

import org.jspecify.annotations.NullMarked;
