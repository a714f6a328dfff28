/** Judges that need no model: they read a rollout's text by rule. */
@NullMarked
package io.urteil.judges.rule;

import org.jspecify.annotations.NullMarked;
