package io.urteil.local.watch;

/**
 * How one version of the policy did on the held-out prompts.
 *
 * @param version the version
 * @param rollouts rollouts judged, all arms
 * @param accuracy share of the rollouts whose verdict equals the reference; one that cannot be read
 *     counts as not equal
 * @param consistency share of the groups of two arms whose verdicts name the same candidate; 0 when
 *     groups have another number of arms
 * @param positionBias share of the readable verdicts that prefer the candidate shown first
 * @param readable share of the rollouts whose verdict could be read
 * @param meanLength mean number of the policy's tokens
 */
public record HeldOutEvaluation(
    long version,
    int rollouts,
    double accuracy,
    double consistency,
    double positionBias,
    double readable,
    double meanLength) {}
