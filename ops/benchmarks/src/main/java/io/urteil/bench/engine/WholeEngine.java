package io.urteil.bench.engine;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.EngineStatistics;
import io.urteil.engine.LoadOutcome;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.onnx.OnnxEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * The engine as services use it, scheduler and sampler included. Prompts are random and share
 * nothing, temperature is 1 and nothing stops early, so that every sequence has the length asked
 * for.
 */
final class WholeEngine implements AutoCloseable {

  private static final long POLL_NANOS = 200_000;

  /** How often a stretch is tried that was over before it could be timed, as tiny models have. */
  private static final int ATTEMPTS = 20;

  private final OnnxEngine engine;
  private final int vocabulary;
  private final SplittableRandom random = new SplittableRandom(7);
  private int requests;

  private WholeEngine(OnnxEngine engine, int vocabulary) {
    this.engine = engine;
    this.vocabulary = vocabulary;
  }

  static WholeEngine open(Path model, int vocabulary, EngineSettings settings) {
    OnnxEngine engine = OnnxEngine.start(settings);
    LoadOutcome outcome = engine.switchTo(ModelVersion.of("bench"), model).join();
    if (outcome instanceof LoadOutcome.Rejected(var version, var reason)) {
      engine.close();
      throw new IllegalStateException(reason);
    }
    return new WholeEngine(engine, vocabulary);
  }

  /**
   * A stretch of decoding in which as many sequences as asked for were live.
   *
   * @param tokensPerSecond of all sequences together
   * @param ownMillisPerStep the engine's own part of a step: scheduling and sampling
   * @param steps in it
   */
  record Decoding(double tokensPerSecond, double ownMillisPerStep, long steps) {}

  /**
   * Decodes {@code rows} sequences from {@code context} tokens on. A stretch that was half over
   * when it was found is tried again, and the longest is taken.
   *
   * @throws IllegalStateException if each was over
   */
  Decoding decode(int rows, int context, int tokens) {
    Decoding longest = stretch(rows, context, tokens);
    for (int i = 1; i < ATTEMPTS && 2 * longest.steps() < tokens; i++) {
      Decoding next = stretch(rows, context, tokens);
      longest = next.steps() > longest.steps() ? next : longest;
    }
    if (longest.steps() == 0) {
      throw new IllegalStateException(
          "%d tokens of %d sequences: over before they could be timed (expected: more tokens)"
              .formatted(tokens, rows));
    }
    return longest;
  }

  private Decoding stretch(int rows, int context, int tokens) {
    long readBefore = engine.statistics().prefillTokens();
    List<CompletableFuture<Completion>> running = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      running.add(submit(context, 1, tokens));
    }
    while (engine.statistics().prefillTokens() < readBefore + (long) rows * context) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    EngineStatistics from = engine.statistics();
    long begin = System.nanoTime();
    CompletableFuture.anyOf(running.toArray(CompletableFuture[]::new)).join();
    EngineStatistics to = engine.statistics();
    double seconds = (System.nanoTime() - begin) / 1e9;
    running.forEach(CompletableFuture::join);
    long steps = to.decodeSteps() - from.decodeSteps();
    long own = (to.busyNanos() - from.busyNanos()) - (to.runtimeNanos() - from.runtimeNanos());
    return new Decoding(
        (to.sampledTokens() - from.sampledTokens()) / seconds,
        own / 1e6 / Math.max(1, steps),
        steps);
  }

  /** Seconds from submitting a prompt of this length to its first token. */
  double firstTokenSeconds(int prompt) {
    long begin = System.nanoTime();
    submit(prompt, 1, 1).join();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The same while {@code rows} sequences decode. */
  double firstTokenSecondsUnderLoad(int rows, int context, int tokens, int prompt) {
    long before = engine.statistics().prefillTokens();
    List<CompletableFuture<Completion>> running = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      running.add(submit(context, 1, tokens));
    }
    while (engine.statistics().prefillTokens() < before + (long) rows * context) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    double seconds = firstTokenSeconds(prompt);
    running.forEach(CompletableFuture::join);
    return seconds;
  }

  /** Tokens per second of a GRPO step's sampling: prompts, each with some samples, all at once. */
  double stepTokensPerSecond(int prompts, int samples, int context, int tokens) {
    long begin = System.nanoTime();
    List<CompletableFuture<Completion>> running = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      running.add(submit(context, samples, tokens));
    }
    running.forEach(CompletableFuture::join);
    return (double) prompts * samples * tokens / ((System.nanoTime() - begin) / 1e9);
  }

  @Override
  public void close() {
    engine.close();
  }

  private CompletableFuture<Completion> submit(int context, int samples, int tokens) {
    int[] prompt = random.ints(context, 0, vocabulary).toArray();
    return engine.submit(
        new CompletionRequest(
            "bench-" + requests++, prompt, samples, Sampling.at(1, tokens, List.of(), requests)));
  }
}
