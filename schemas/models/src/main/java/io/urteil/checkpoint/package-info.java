/**
 * Checkpoints as folders of files: written whole or not at all, named by version, known by hash,
 * never changed afterwards.
 */
@NullMarked
package io.urteil.checkpoint;

import org.jspecify.annotations.NullMarked;
