/** The verdicts of one judge with weights of two precisions. */
@NullMarked
package io.urteil.bench.precision;

import org.jspecify.annotations.NullMarked;
