/** Advantages of rewards within one group and arm: one record of settings, named presets. */
@NullMarked
package io.urteil.topology.advantage;

import org.jspecify.annotations.NullMarked;
