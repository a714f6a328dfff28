/** Judges that parse a verdict from the text of a rollout, without a model. */
@NullMarked
package io.urteil.judges.rule;

import org.jspecify.annotations.NullMarked;
