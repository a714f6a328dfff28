package io.urteil.local.score;

import java.util.SortedMap;

/**
 * The figures of a scoring, as written by {@code --report}.
 *
 * @param groups prompts scored
 * @param completeGroups those whose every response was judged
 * @param rollouts responses scored
 * @param unpaid responses without a reward
 * @param seconds from the first response sent to the last group closed
 * @param rolloutsPerSecond rollouts over seconds
 * @param disagreements responses judged otherwise than the file records
 * @param meanReward mean reward by model, or of "all"
 */
public record ScoreReport(
    long groups,
    long completeGroups,
    long rollouts,
    long unpaid,
    double seconds,
    double rolloutsPerSecond,
    int disagreements,
    SortedMap<String, Double> meanReward) {}
