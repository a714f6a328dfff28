/** Questions with probabilities as answers: the protocols of decision servers. */
@NullMarked
package io.urteil.chat.decision;

import org.jspecify.annotations.NullMarked;
