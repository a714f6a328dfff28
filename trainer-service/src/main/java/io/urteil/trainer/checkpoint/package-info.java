/**
 * Checkpoints as folders of files: written whole or not at all, named by version, known by hash,
 * never changed afterwards.
 */
@NullMarked
package io.urteil.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
