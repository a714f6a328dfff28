/**
 * What a user may tell Kafka's clients, and what goes wrong between them and the brokers. Uses the
 * Kafka clients only and knows no event.
 */
@NullMarked
package io.urteil.kafka;

import org.jspecify.annotations.NullMarked;
