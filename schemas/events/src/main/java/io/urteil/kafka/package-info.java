/**
 * Properties of Kafka's clients, and explanations of their failures. May use the Kafka clients, but
 * no events.
 */
@NullMarked
package io.urteil.kafka;

import org.jspecify.annotations.NullMarked;
