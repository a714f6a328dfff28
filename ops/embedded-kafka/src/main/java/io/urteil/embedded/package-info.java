/**
 * A single-node Kafka broker in this JVM, for machines without Docker, and child JVMs for tests
 * that kill processes. Only this package depends on Kafka's internal server classes.
 */
@NullMarked
package io.urteil.embedded;

import org.jspecify.annotations.NullMarked;
