/** One question with two answers, judged in both orders by a model directory: no broker, no run. */
@NullMarked
package io.urteil.local.judging;

import org.jspecify.annotations.NullMarked;
