/**
 * A single-node Kafka broker inside this JVM, for machines without Docker, and the child JVMs that
 * tests start and kill. Only this package touches Kafka's internal server classes.
 */
@NullMarked
package io.urteil.embedded;

import org.jspecify.annotations.NullMarked;
