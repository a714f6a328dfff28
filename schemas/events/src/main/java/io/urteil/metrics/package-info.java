/** Definition, registration and removal of meters. May use Micrometer and Kafka's clients only. */
@NullMarked
package io.urteil.metrics;

import org.jspecify.annotations.NullMarked;
