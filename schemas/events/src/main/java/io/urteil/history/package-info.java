/** The published policy versions of a run. */
@NullMarked
package io.urteil.history;

import org.jspecify.annotations.NullMarked;
