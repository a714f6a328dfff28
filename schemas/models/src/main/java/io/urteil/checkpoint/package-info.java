/**
 * Checkpoints as folders of files: written completely or not at all, named by version, identified
 * by hash, never changed.
 */
@NullMarked
package io.urteil.checkpoint;

import org.jspecify.annotations.NullMarked;
