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
 * A request between {@link InferenceEngine#submit} and its answer. Made by the submitting thread;
 * from then on only the scheduler's thread changes it. The future is completed on a thread of its
 * own, so that what callers hang on it cannot hold up the next step.
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
  private @Nullable VersionedModel model;
  private float @Nullable [] firstLogits;
  private List<Double> watched = List.of();
  private int started;
  private int finished;
  private boolean ended;

  /**
   * @param order smaller for what was submitted earlier
   * @param model the version that the request names, already acquired for it; null if it names none
   */
  public RequestInFlight(CompletionRequest request, long order, @Nullable VersionedModel model) {
    this.request = request;
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

  /** Fixes the version for a request that names none. */
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

  /** Whether nobody waits for it any more: cancelled or timed out by the caller, or answered. */
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

  /** Takes how likely the watched tokens are. */
  void told(List<Double> logProbabilities) {
    watched = logProbabilities;
  }

  /** The next sample to start. */
  SampleInFlight start() {
    return new SampleInFlight(this, started++);
  }

  /** Logits behind the prompt, kept while samples wait for slots. */
  float[] firstLogits() {
    return Objects.requireNonNull(firstLogits, "firstLogits");
  }

  void keepFirstLogits(float[] logits) {
    firstLogits = logits;
  }

  /** Takes a finished sample; true if it was the last one and the request is thereby answered. */
  boolean finish(CompletionSample sample) {
    samples[sample.index()] = sample;
    return ++finished == samples.length;
  }

  /** Finishes all samples that were not started; true if the request is thereby answered. */
  boolean finishRemaining(StopReason reason, String detail) {
    while (remaining() > 0) {
      finish(new CompletionSample(started++, new int[0], new float[0], reason, detail));
    }
    return finished == samples.length;
  }

  /** Ends the request; false if it had ended before, so that what it held is given back once. */
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
