/**
 * How far the topology has read its input: positions, watermarks and stalls. Uses events and Kafka
 * clients, no step of the topology.
 */
@NullMarked
package io.urteil.topology.progress;

import org.jspecify.annotations.NullMarked;
