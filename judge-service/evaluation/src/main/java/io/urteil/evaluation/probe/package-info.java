/** Robustness of a judge: runs the attacks of this project against it, without a broker. */
@NullMarked
package io.urteil.evaluation.probe;

import org.jspecify.annotations.NullMarked;
