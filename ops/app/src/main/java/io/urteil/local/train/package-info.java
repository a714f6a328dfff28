/** One run in this process from start to end: its directory, the session and its report. */
@NullMarked
package io.urteil.local.train;

import org.jspecify.annotations.NullMarked;
