/**
 * The contract between processes: events, their encoding and topics, and the readers and producers
 * of these topics.
 */
@NullMarked
package io.urteil.event;

import org.jspecify.annotations.NullMarked;
