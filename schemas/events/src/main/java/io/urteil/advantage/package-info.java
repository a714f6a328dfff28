/** Computes advantages of rewards within one group and arm, by settings or named presets. */
@NullMarked
package io.urteil.advantage;

import org.jspecify.annotations.NullMarked;
