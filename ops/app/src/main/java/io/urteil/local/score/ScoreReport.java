package io.urteil.local.score;

import java.util.SortedMap;

/**
 * The figures of a scoring session, which {@code --report} writes.
 *
 * @param groups prompts scored
 * @param completeGroups prompts with all responses scored
 * @param rollouts responses scored
 * @param unpaid unscored responses
 * @param seconds time from the first published response to the last closed group
 * @param rolloutsPerSecond rollouts divided by seconds
 * @param disagreements responses whose judgement differs from the recorded one
 * @param meanReward mean reward by model; key "all" if the file names no models
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
