/** How easily a judge is fooled: every attack of the project against it, without a broker. */
@NullMarked
package io.urteil.evaluation.probe;

import org.jspecify.annotations.NullMarked;
