package io.urteil.topology.group;

import io.urteil.event.RecordPosition;

/**
 * Where and when an event arrived.
 *
 * @param time timestamp of its record, in milliseconds since the epoch: the broker's time of the
 *     append. Times in the event itself are of the producer's clock and decide nothing.
 */
public record Arrival(RecordPosition position, long time) {}
