/**
 * Properties of Kafka's clients, and errors between clients and brokers. Depends on the Kafka
 * clients only.
 */
@NullMarked
package io.urteil.kafka;

import org.jspecify.annotations.NullMarked;
