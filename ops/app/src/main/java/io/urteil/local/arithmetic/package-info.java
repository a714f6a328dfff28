/**
 * The task of the demo: sums with two candidate answers, their prompt files, the demonstrations for
 * the seed judge and the files of its model. Only this package depends on the task; the training
 * loop handles prompts, references and tokens.
 */
@NullMarked
package io.urteil.local.arithmetic;

import org.jspecify.annotations.NullMarked;
