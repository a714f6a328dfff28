package io.urteil.audit;

import io.urteil.event.RecordPosition;

/** An event with its position. */
public record RecordedEvent<T>(T event, RecordPosition position) {}
