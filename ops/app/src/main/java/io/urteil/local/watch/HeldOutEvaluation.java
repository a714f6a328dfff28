package io.urteil.local.watch;

/**
 * The held-out evaluation of one policy version.
 *
 * @param version the policy version
 * @param rollouts judged rollouts of all arms
 * @param accuracy share of the rollouts whose verdict equals the reference; unreadable verdicts
 *     count as unequal
 * @param consistency share of the groups with two arms whose verdicts prefer the same candidate; 0
 *     without such groups
 * @param positionBias share of the readable verdicts that prefer the first candidate
 * @param readable share of the rollouts with a readable verdict
 * @param meanLength mean number of policy tokens
 */
public record HeldOutEvaluation(
    long version,
    int rollouts,
    double accuracy,
    double consistency,
    double positionBias,
    double readable,
    double meanLength) {}
