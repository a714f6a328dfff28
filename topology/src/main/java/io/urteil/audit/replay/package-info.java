/** Recomputes the batches of a past run from its topics, with its own or another run file. */
@NullMarked
package io.urteil.audit.replay;

import org.jspecify.annotations.NullMarked;
