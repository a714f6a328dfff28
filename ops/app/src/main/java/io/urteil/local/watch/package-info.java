/** The figures of a run, computed from its topics alone, for the live view and the reports. */
@NullMarked
package io.urteil.local.watch;

import org.jspecify.annotations.NullMarked;
