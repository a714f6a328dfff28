package io.urteil.engine.scheduling;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineException;
import io.urteil.engine.InferenceEngine;
import io.urteil.engine.ModelVersion;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.grammar.StopSequences;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A request between {@link InferenceEngine#submit} and its completion. Created by the submitting
 * thread; after that only the scheduler's thread changes it. The future is completed on a separate
 * thread, so that callbacks of the caller cannot delay the next step.
 */
public final class RequestInFlight {

  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final CompletionRequest request;
  private final long order;
  private final CompletableFuture<Completion> future = new CompletableFuture<>();
  private final int[] prompt;
  private final int[] stopTokenIds;
  private final long deadlineNanos;
  private final @Nullable CompletionSample[] samples;
  private final Runnable onBegin;
  private @Nullable VersionedModel model;
  private float @Nullable [] firstLogits;
  private List<Double> watched = List.of();
  private int started;
  private int finished;
  private boolean ended;

  /**
   * @param order smaller for earlier requests
   * @param model the version that the request names, already acquired for it; null if it names none
   * @param onBegin runs when the request no longer waits for a slot, on the scheduler's thread,
   *     perhaps several times; returns at once
   */
  public RequestInFlight(
      CompletionRequest request, long order, @Nullable VersionedModel model, Runnable onBegin) {
    this.request = request;
    this.onBegin = onBegin;
    this.order = order;
    this.model = model;
    this.prompt = request.promptTokenIds();
    this.stopTokenIds =
        request.sampling().stopTokenIds().stream().mapToInt(Integer::intValue).toArray();
    this.samples = new CompletionSample[request.samples()];
    Instant deadline = request.deadline();
    this.deadlineNanos =
        deadline == null
            ? NO_DEADLINE
            : System.nanoTime() + Duration.between(Instant.now(), deadline).toNanos();
  }

  public String id() {
    return request.id();
  }

  long order() {
    return order;
  }

  /** The request is processed from now on. */
  void begin() {
    onBegin.run();
  }

  Sampling sampling() {
    return request.sampling();
  }

  public CompletableFuture<Completion> future() {
    return future;
  }

  int[] prompt() {
    return prompt;
  }

  @Nullable VersionedModel model() {
    return model;
  }

  /** Sets the version of a request that names none. */
  void assign(VersionedModel chosen) {
    model = chosen;
  }

  @Nullable Grammar grammar() {
    return request.grammar();
  }

  @Nullable StopSequences stopTexts() {
    return request.stopTexts();
  }

  int[] stopTokenIds() {
    return stopTokenIds;
  }

  boolean isStopToken(int token) {
    for (int stop : stopTokenIds) {
      if (stop == token) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is abandoned or complete: cancelled or timed out by the caller, or completed. */
  boolean isAbandoned() {
    return ended || future.isDone();
  }

  boolean isOverdue() {
    return deadlineNanos != NO_DEADLINE && System.nanoTime() - deadlineNanos >= 0;
  }

  int remaining() {
    return samples.length - started;
  }

  boolean hasStarted() {
    return started > 0;
  }

  List<Integer> watched() {
    return request.watched();
  }

  /** Sets the log-probabilities of the watched tokens. */
  void told(List<Double> logProbabilities) {
    watched = logProbabilities;
  }

  /** The next sample to start. */
  SampleInFlight start() {
    return new SampleInFlight(this, started++);
  }

  /** Logits after the prompt, kept while samples wait for slots. */
  float[] firstLogits() {
    return Objects.requireNonNull(firstLogits, "firstLogits");
  }

  void keepFirstLogits(float[] logits) {
    firstLogits = logits;
  }

  /** Adds a finished sample; true if it was the last one and completes the request. */
  boolean finish(CompletionSample sample) {
    samples[sample.index()] = sample;
    return ++finished == samples.length;
  }

  /** Finishes all samples that were not started; true if that completes the request. */
  boolean finishRemaining(StopReason reason, String detail) {
    while (remaining() > 0) {
      finish(new CompletionSample(started++, new int[0], new float[0], reason, detail));
    }
    return finished == samples.length;
  }

  /** Ends the request; false if it had ended before, so that its resources are released once. */
  boolean end() {
    boolean first = !ended;
    ended = true;
    firstLogits = null;
    return first;
  }

  void answer(ModelVersion version) {
    Completion completion =
        new Completion(
            request.id(),
            version,
            Arrays.stream(samples).map(s -> Objects.requireNonNull(s, "sample")).toList(),
            watched);
    Thread.startVirtualThread(() -> future.complete(completion));
  }

  void fail(EngineException cause) {
    Thread.startVirtualThread(() -> future.completeExceptionally(cause));
  }
}
