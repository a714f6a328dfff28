package io.urteil.local.watch;

/**
 * The held-out evaluation of one policy version.
 *
 * @param version the policy version
 * @param rollouts judged rollouts of all arms
 * @param accuracy share of the rollouts whose verdict equals the reference; unreadable verdicts
 *     count as unequal
 * @param positionConsistentAccuracy share of the groups with two arms whose verdicts are right in
 *     both; 0 without such groups
 * @param consistency share of these groups whose verdicts prefer the same candidate, right or
 *     wrong; 0 without such groups
 * @param positionBias share of the readable verdicts that prefer the first candidate
 * @param readable share of the rollouts with a readable verdict
 * @param meanLength mean number of policy tokens
 */
public record HeldOutEvaluation(
    long version,
    int rollouts,
    double accuracy,
    double positionConsistentAccuracy,
    double consistency,
    double positionBias,
    double readable,
    double meanLength) {}
