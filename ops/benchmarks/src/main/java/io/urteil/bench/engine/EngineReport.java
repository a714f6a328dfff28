package io.urteil.bench.engine;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * Result of {@code urteil bench engine}; medians over the rounds. "Bare" figures are of the model's
 * runtime alone, without scheduler and sampler. As JSON all components stand in one object.
 *
 * @param threads of the runtime, of the machine's limits and of llama.cpp
 * @param rounds measured rounds, everything once in each
 * @param engine the whole engine, 107 million parameters
 * @param llamaCpp tokens per second of llama.cpp by figure; empty when it was not asked for
 * @param ratios the engine's figures over llama.cpp's; empty when that was not asked for
 */
public record EngineReport(
    int threads,
    int rounds,
    @JsonUnwrapped Machine machine,
    @JsonUnwrapped(suffix = "TokensPerSecond") Speeds engine,
    @JsonUnwrapped Shares shares,
    @JsonUnwrapped Bare bare,
    @JsonUnwrapped Delays delays,
    @JsonUnwrapped Demo demo,
    @JsonUnwrapped Int8 int8,
    Map<String, Double> llamaCpp,
    Map<String, Double> ratios) {

  /**
   * Limits of the machine.
   *
   * @param readGigabytesPerSecond memory read by all threads
   * @param fmaGigaflops fused multiply-adds of all threads, each counted as two
   */
  public record Machine(double readGigabytesPerSecond, double fmaGigaflops) {}

  /**
   * Tokens per second.
   *
   * @param batch1 decoded, one sequence
   * @param batch8 eight sequences together
   * @param batch32 thirty-two sequences together
   * @param prefill prompt tokens read, prompt of 256 tokens
   */
  public record Speeds(double batch1, double batch8, double batch32, double prefill) {}

  /**
   * The engine's speed over the machine's limits.
   *
   * @param batch1ShareOfBandwidth bytes of weights read per second at batch 1, over
   *     readGigabytesPerSecond
   * @param prefillShareOfFma floating-point operations of reading a prompt, over fmaGigaflops
   */
  public record Shares(double batch1ShareOfBandwidth, double prefillShareOfFma) {}

  /** As {@link Speeds}, bare. */
  public record Bare(
      double bareBatch1TokensPerSecond,
      double bareBatch8TokensPerSecond,
      double bareBatch32TokensPerSecond,
      double barePrefillTokensPerSecond) {}

  /**
   * What a caller waits for.
   *
   * @param firstTokenMillis from submitting a prompt of 256 tokens to its first token
   * @param firstTokenUnderLoadMillis the same while eight sequences decode
   * @param schedulerMillisPerStep the engine's own part of a decode step at batch 32: scheduling
   *     and sampling
   */
  public record Delays(
      double firstTokenMillis, double firstTokenUnderLoadMillis, double schedulerMillisPerStep) {}

  /**
   * The demo's model.
   *
   * @param demoTokensPerSecond 16 prompts with 8 samples each, as in a step of the demo
   * @param demoSchedulerMicrosPerStep the engine's own part of a decode step at batch 1
   */
  public record Demo(double demoTokensPerSecond, double demoSchedulerMicrosPerStep) {}

  /** The same model with weights in eight bits. */
  public record Int8(
      @JsonUnwrapped Int8Speeds engine,
      @JsonUnwrapped Int8Bare bare,
      @JsonUnwrapped Int8Delays delays) {}

  /** As {@link Speeds}, weights in eight bits. */
  public record Int8Speeds(
      double int8Batch1TokensPerSecond,
      double int8Batch8TokensPerSecond,
      double int8Batch32TokensPerSecond,
      double int8PrefillTokensPerSecond) {}

  /** As {@link Bare}, weights in eight bits. */
  public record Int8Bare(
      double int8BareBatch1TokensPerSecond,
      double int8BareBatch8TokensPerSecond,
      double int8BareBatch32TokensPerSecond,
      double int8BarePrefillTokensPerSecond) {}

  /** As {@link Delays}, weights in eight bits. */
  public record Int8Delays(double int8FirstTokenMillis, double int8SchedulerMillisPerStep) {}

  /** A sentence for each target that was missed. */
  public List<String> missed() {
    return EngineTargets.missed(this);
  }

  /** Tables in Markdown, with the targets. */
  public String markdown() {
    return EngineTable.of(this);
  }
}
