/** Runs the graph: sessions, key-value caches, memory. Uses graph and device. */
@NullMarked
package io.urteil.engine.runtime;

import org.jspecify.annotations.NullMarked;
