/** Runs the graph: sessions, key-value caches, memory. May use graph and device. */
@NullMarked
package io.urteil.engine.runtime;

import org.jspecify.annotations.NullMarked;
