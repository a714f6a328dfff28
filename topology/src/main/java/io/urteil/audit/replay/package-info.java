/** A past run's batches made again from its log, as they were or under another run file. */
@NullMarked
package io.urteil.audit.replay;

import org.jspecify.annotations.NullMarked;
