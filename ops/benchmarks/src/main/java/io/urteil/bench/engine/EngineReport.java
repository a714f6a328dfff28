package io.urteil.bench.engine;

import java.util.List;
import java.util.Map;

/**
 * What {@code urteil bench engine} measured; medians over the rounds. "Bare" figures are of the
 * model's runtime alone, without scheduler and sampler.
 *
 * @param threads of the runtime, of the ceilings and of llama.cpp
 * @param rounds measured rounds, everything once in each
 * @param readGigabytesPerSecond memory read by all threads
 * @param fmaGigaflops fused multiply-adds of all threads, each counted as two
 * @param batch1TokensPerSecond decoded by the whole engine, one sequence, 107 million parameters
 * @param batch8TokensPerSecond eight sequences together
 * @param batch32TokensPerSecond thirty-two sequences together
 * @param prefillTokensPerSecond prompt tokens read, prompt of 256 tokens
 * @param batch1ShareOfBandwidth bytes of weights read per second at batch 1, over
 *     readGigabytesPerSecond
 * @param prefillShareOfFma floating-point operations of prefillTokensPerSecond, over fmaGigaflops
 * @param bareBatch1TokensPerSecond as batch1TokensPerSecond, bare
 * @param bareBatch8TokensPerSecond as batch8TokensPerSecond, bare
 * @param bareBatch32TokensPerSecond as batch32TokensPerSecond, bare
 * @param barePrefillTokensPerSecond as prefillTokensPerSecond, bare
 * @param firstTokenMillis from submitting a prompt of 256 tokens to its first token
 * @param firstTokenUnderLoadMillis the same while eight sequences decode
 * @param schedulerMillisPerStep the engine's own part of a decode step at batch 32: scheduling and
 *     sampling
 * @param demoTokensPerSecond 16 prompts with 8 samples each on the demo's model, as in a step of
 *     the demo
 * @param demoSchedulerMicrosPerStep the engine's own part of a decode step at batch 1, demo's model
 * @param int8Batch1TokensPerSecond as batch1TokensPerSecond, weights in eight bits
 * @param int8Batch8TokensPerSecond as batch8TokensPerSecond, weights in eight bits
 * @param int8Batch32TokensPerSecond as batch32TokensPerSecond, weights in eight bits
 * @param int8PrefillTokensPerSecond as prefillTokensPerSecond, weights in eight bits
 * @param int8BareBatch1TokensPerSecond as bareBatch1TokensPerSecond, weights in eight bits
 * @param int8BareBatch8TokensPerSecond as bareBatch8TokensPerSecond, weights in eight bits
 * @param int8BareBatch32TokensPerSecond as bareBatch32TokensPerSecond, weights in eight bits
 * @param int8BarePrefillTokensPerSecond as barePrefillTokensPerSecond, weights in eight bits
 * @param int8FirstTokenMillis as firstTokenMillis, weights in eight bits
 * @param int8SchedulerMillisPerStep as schedulerMillisPerStep, weights in eight bits
 * @param llamaCpp tokens per second of llama.cpp by figure; empty when it was not asked for
 * @param ratios the engine's figures over llama.cpp's; empty when that was not asked for
 */
public record EngineReport(
    int threads,
    int rounds,
    double readGigabytesPerSecond,
    double fmaGigaflops,
    double batch1TokensPerSecond,
    double batch8TokensPerSecond,
    double batch32TokensPerSecond,
    double prefillTokensPerSecond,
    double batch1ShareOfBandwidth,
    double prefillShareOfFma,
    double bareBatch1TokensPerSecond,
    double bareBatch8TokensPerSecond,
    double bareBatch32TokensPerSecond,
    double barePrefillTokensPerSecond,
    double firstTokenMillis,
    double firstTokenUnderLoadMillis,
    double schedulerMillisPerStep,
    double demoTokensPerSecond,
    double demoSchedulerMicrosPerStep,
    double int8Batch1TokensPerSecond,
    double int8Batch8TokensPerSecond,
    double int8Batch32TokensPerSecond,
    double int8PrefillTokensPerSecond,
    double int8BareBatch1TokensPerSecond,
    double int8BareBatch8TokensPerSecond,
    double int8BareBatch32TokensPerSecond,
    double int8BarePrefillTokensPerSecond,
    double int8FirstTokenMillis,
    double int8SchedulerMillisPerStep,
    Map<String, Double> llamaCpp,
    Map<String, Double> ratios) {

  /** A sentence for each target that was missed. */
  public List<String> missed() {
    return EngineTargets.missed(this);
  }

  /** Tables in Markdown, with the targets. */
  public String markdown() {
    return EngineTable.of(this);
  }
}
