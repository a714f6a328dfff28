/**
 * A run on the terminal: a block that redraws itself where there is a terminal, one line a step
 * where there is none. Rendering is pure; only {@link io.urteil.local.view.RunView} writes.
 */
@NullMarked
package io.urteil.local.view;

import org.jspecify.annotations.NullMarked;
