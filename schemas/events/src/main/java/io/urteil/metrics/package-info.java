/** How meters are defined, registered and removed; knows Micrometer and Kafka's clients only. */
@NullMarked
package io.urteil.metrics;

import org.jspecify.annotations.NullMarked;
