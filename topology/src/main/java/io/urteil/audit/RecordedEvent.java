package io.urteil.audit;

/** An event with where it lies. */
public record RecordedEvent<T>(T event, Spot spot) {}
