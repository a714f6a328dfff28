package io.urteil.audit;

/** An event with where it lies. */
public record Recorded<T>(T event, Spot spot) {}
