package io.urteil.gateway.cohort;

/**
 * Position of a sample in its cohort, equal on all gateways.
 *
 * @param cohort id of the cohort, for the id of its group
 * @param index of the sample, from 0
 * @param size samples of the cohort
 */
public record CohortSlot(String cohort, int index, int size) {}
