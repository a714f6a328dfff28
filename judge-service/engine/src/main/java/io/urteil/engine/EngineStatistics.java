package io.urteil.engine;

/**
 * What an engine has done since it was started.
 *
 * @param decodeSteps runs in which every live sequence got one token
 * @param sampledTokens all drawn tokens, those behind a prompt included
 * @param prefillTokens prompt tokens read, without padding
 * @param sharedTokens prompt tokens that need not be read, because a slot held them
 * @param runtimeNanos time inside the model's runtime
 * @param busyNanos time in which there was work; the rest of it is the engine's own cost
 * @param medianStepNanos median time of a turn with a decode step, to an eighth: the step, the
 *     prompts read before it, and what the engine does around them
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
