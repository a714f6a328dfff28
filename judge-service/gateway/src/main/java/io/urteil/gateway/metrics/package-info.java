/** Meters of the gateway. */
@NullMarked
package io.urteil.gateway.metrics;

import org.jspecify.annotations.NullMarked;
