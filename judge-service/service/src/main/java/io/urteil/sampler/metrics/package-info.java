/** Meters of the sampler. May use engine types, but not Kafka. */
@NullMarked
package io.urteil.sampler.metrics;

import org.jspecify.annotations.NullMarked;
