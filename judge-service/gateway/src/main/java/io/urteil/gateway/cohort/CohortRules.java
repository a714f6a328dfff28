package io.urteil.gateway.cohort;

import java.time.Duration;

/**
 * When a cohort is formed.
 *
 * @param size samples of a complete cohort
 * @param longestWait time after the first sample after which a cohort is formed of those that came
 */
public record CohortRules(int size, Duration longestWait) {}
