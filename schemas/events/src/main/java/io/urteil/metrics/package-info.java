/** Defines, registers and removes meters. Depends on Micrometer and Kafka's clients only. */
@NullMarked
package io.urteil.metrics;

import org.jspecify.annotations.NullMarked;
