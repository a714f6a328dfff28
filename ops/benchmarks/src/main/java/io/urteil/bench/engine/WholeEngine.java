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
 * The complete engine, with scheduler and sampler. Prompts are random and share no prefix, the
 * temperature is 1 and there are no stop tokens, so that every sequence has the requested length.
 */
final class WholeEngine implements AutoCloseable {

  private static final long POLL_NANOS = 200_000;

  /** Retries of a measurement that was too short, which happens with tiny models. */
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
   * A measurement of decoding while all requested sequences were active.
   *
   * @param tokensPerSecond total of all sequences
   * @param ownMillisPerStep overhead of a step: scheduling and sampling
   * @param steps number of measured steps
   */
  record Decoding(double tokensPerSecond, double ownMillisPerStep, long steps) {}

  /**
   * Measures decoding of {@code rows} sequences after prompts of {@code context} tokens. A
   * measurement that covers less than half of the tokens is repeated, and the longest is returned.
   *
   * @throws IllegalStateException if no measurement covers a step
   */
  Decoding decode(int rows, int context, int tokens) {
    Decoding longest = measure(rows, context, tokens);
    for (int i = 1; i < ATTEMPTS && 2 * longest.steps() < tokens; i++) {
      Decoding next = measure(rows, context, tokens);
      longest = next.steps() > longest.steps() ? next : longest;
    }
    if (longest.steps() == 0) {
      throw new IllegalStateException(
          "%d tokens of %d sequences are too few to measure (expected: more tokens)"
              .formatted(tokens, rows));
    }
    return longest;
  }

  private Decoding measure(int rows, int context, int tokens) {
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

  /** Seconds to the first token of a prompt of this length. */
  double firstTokenSeconds(int prompt) {
    long begin = System.nanoTime();
    submit(prompt, 1, 1).join();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Seconds to the first token while {@code rows} sequences are decoded. */
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

  /**
   * Tokens per second of the sampling of one GRPO step: concurrent prompts with several samples
   * each.
   */
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
