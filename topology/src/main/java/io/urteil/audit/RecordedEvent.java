package io.urteil.audit;

import io.urteil.event.RecordPosition;

/** An event with where it lies. */
public record RecordedEvent<T>(T event, RecordPosition spot) {}
