package io.urteil.topology.group;

/** Where a record lies on its topic. */
public record Position(int partition, long offset) {}
