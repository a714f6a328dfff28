package io.urteil.bench.engine;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * The result of {@code urteil bench engine}, as medians over the rounds. "Bare" figures are of ONNX
 * Runtime alone, without scheduler and sampler. In JSON all components are fields of one object.
 *
 * @param threads threads of all measurements
 * @param rounds number of measured rounds
 * @param engine the complete engine with the model of 107 million parameters
 * @param llamaCpp tokens per second of llama.cpp by figure; empty if not measured
 * @param ratios the engine's figures divided by those of llama.cpp; empty if not measured
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
   * Hardware limits.
   *
   * @param readGigabytesPerSecond memory read bandwidth of all threads
   * @param fmaGigaflops arithmetic throughput of all threads; a fused multiply-add counts as two
   *     operations
   */
  public record Machine(double readGigabytesPerSecond, double fmaGigaflops) {}

  /**
   * Tokens per second.
   *
   * @param batch1 decoding of one sequence
   * @param batch8 decoding of eight sequences
   * @param batch32 decoding of thirty-two sequences
   * @param prefill prefill of a prompt of 256 tokens
   */
  public record Speeds(double batch1, double batch8, double batch32, double prefill) {}

  /**
   * The engine's speed relative to the hardware limits.
   *
   * @param batch1ShareOfBandwidth bytes of weights read per second at batch size 1, relative to
   *     readGigabytesPerSecond
   * @param prefillShareOfFma floating-point operations per second of prefill, relative to
   *     fmaGigaflops
   */
  public record Shares(double batch1ShareOfBandwidth, double prefillShareOfFma) {}

  /** As {@link Speeds}, of the bare runtime. */
  public record Bare(
      double bareBatch1TokensPerSecond,
      double bareBatch8TokensPerSecond,
      double bareBatch32TokensPerSecond,
      double barePrefillTokensPerSecond) {}

  /**
   * Latencies and overhead.
   *
   * @param firstTokenMillis time to the first token for a prompt of 256 tokens
   * @param firstTokenUnderLoadMillis the same while eight sequences are decoded
   * @param schedulerMillisPerStep overhead of a decode step at batch size 32: scheduling and
   *     sampling
   */
  public record Delays(
      double firstTokenMillis, double firstTokenUnderLoadMillis, double schedulerMillisPerStep) {}

  /**
   * The demo's model.
   *
   * @param demoTokensPerSecond tokens per second for 16 prompts with 8 samples each, as in a step
   *     of the demo
   * @param demoSchedulerMicrosPerStep overhead of a decode step at batch size 1
   */
  public record Demo(double demoTokensPerSecond, double demoSchedulerMicrosPerStep) {}

  /** The same model with int8 weights. */
  public record Int8(
      @JsonUnwrapped Int8Speeds engine,
      @JsonUnwrapped Int8Bare bare,
      @JsonUnwrapped Int8Delays delays) {}

  /** As {@link Speeds}, with int8 weights. */
  public record Int8Speeds(
      double int8Batch1TokensPerSecond,
      double int8Batch8TokensPerSecond,
      double int8Batch32TokensPerSecond,
      double int8PrefillTokensPerSecond) {}

  /** As {@link Bare}, with int8 weights. */
  public record Int8Bare(
      double int8BareBatch1TokensPerSecond,
      double int8BareBatch8TokensPerSecond,
      double int8BareBatch32TokensPerSecond,
      double int8BarePrefillTokensPerSecond) {}

  /** As {@link Delays}, with int8 weights. */
  public record Int8Delays(double int8FirstTokenMillis, double int8SchedulerMillisPerStep) {}

  /** One sentence for each missed target. */
  public List<String> missed() {
    return EngineTargets.missed(this);
  }

  /** The report as Markdown tables with the targets. */
  public String markdown() {
    return EngineTable.of(this);
  }
}
