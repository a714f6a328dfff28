/** Meters of the topology; knows group headers and events, no stores and no streams. */
@NullMarked
package io.urteil.topology.metrics;

import org.jspecify.annotations.NullMarked;
