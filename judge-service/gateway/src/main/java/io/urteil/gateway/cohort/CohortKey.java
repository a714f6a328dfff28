package io.urteil.gateway.cohort;

/**
 * Identifies the samples that may be judged together.
 *
 * @param run name of the run
 * @param id equal for samples of the same prompt; key of their records in the topic
 */
public record CohortKey(String run, String id) {}
