/**
 * Views of a run: a live block on a terminal, otherwise one line per step. Rendering is pure; only
 * {@link io.urteil.local.view.RunView} writes.
 */
@NullMarked
package io.urteil.local.view;

import org.jspecify.annotations.NullMarked;
