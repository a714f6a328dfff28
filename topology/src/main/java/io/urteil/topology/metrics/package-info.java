/** Meters of the topology. May use group headers and events, but not stores or Kafka Streams. */
@NullMarked
package io.urteil.topology.metrics;

import org.jspecify.annotations.NullMarked;
