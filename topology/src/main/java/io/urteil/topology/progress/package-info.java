/**
 * Progress of the topology through its input: positions, watermarks and stalls. May use events and
 * Kafka clients, but not the steps of the topology.
 */
@NullMarked
package io.urteil.topology.progress;

import org.jspecify.annotations.NullMarked;
