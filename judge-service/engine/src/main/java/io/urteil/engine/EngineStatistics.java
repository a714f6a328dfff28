package io.urteil.engine;

/**
 * Counters of an engine since its start.
 *
 * @param decodeSteps runs that extended every live sequence by one token
 * @param sampledTokens all sampled tokens, including the first one after each prompt
 * @param prefillTokens prompt tokens processed, without padding
 * @param sharedTokens prompt tokens that were not processed because a slot already held them
 * @param runtimeNanos time inside the model's runtime
 * @param busyNanos time with work; the difference to the runtime is the engine's own time
 * @param medianStepNanos median time of a turn with a decode step, to an eighth: the step, the
 *     prompts processed before it, and the engine's own time
 * @param longestStepNanos the longest of these
 */
public record EngineStatistics(
    long decodeSteps,
    long sampledTokens,
    long prefillTokens,
    long sharedTokens,
    long runtimeNanos,
    long busyNanos,
    long medianStepNanos,
    long longestStepNanos) {}
