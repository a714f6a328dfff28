/** The judge that scores rollouts with a reward model. */
@NullMarked
package io.urteil.judges.scalar;

import org.jspecify.annotations.NullMarked;
