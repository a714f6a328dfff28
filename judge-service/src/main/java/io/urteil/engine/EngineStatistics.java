package io.urteil.engine;

/**
 * What an engine has done since it was started.
 *
 * @param decodeSteps runs in which every live sequence got one token
 * @param sampledTokens all drawn tokens, those behind a prompt included
 * @param prefillTokens prompt tokens read, without padding
 * @param runtimeNanos time inside the model's runtime
 * @param busyNanos time in which there was work; the rest of it is the engine's own cost
 */
public record EngineStatistics(
    long decodeSteps, long sampledTokens, long prefillTokens, long runtimeNanos, long busyNanos) {}
