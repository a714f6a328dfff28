/** Meters of the sampler; knows the engine's values, no Kafka. */
@NullMarked
package io.urteil.sampler.metrics;

import org.jspecify.annotations.NullMarked;
