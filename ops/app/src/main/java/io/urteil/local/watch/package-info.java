/** What a run is doing, computed from its topics alone: the live view and the report. */
@NullMarked
package io.urteil.local.watch;

import org.jspecify.annotations.NullMarked;
