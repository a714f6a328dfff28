package io.urteil.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Completes prompts with versions of a model. Every method may be called from any thread and none
 * blocks.
 *
 * <p>The life of a request:
 *
 * <ol>
 *   <li>{@link #submit} queues it, first in, first out.
 *   <li>When slots are free its version is fixed: the named one, or the current one. The prompt is
 *       processed once for all samples.
 *   <li>Samples are extended token by token, together with those of other requests, until each has
 *       finished.
 *   <li>The future completes. A prompt that does not fit, or a passed deadline, is a {@link
 *       CompletionSample} with its reason; the future fails only if there are no samples: unknown
 *       version, failed runtime ({@link EngineException}), closed engine ({@link
 *       EngineClosedException}).
 * </ol>
 *
 * <p>Cancelling the future frees the resources of the request at the next step.
 */
public interface InferenceEngine extends AutoCloseable {

  /**
   * Processes a request, for a caller that measures the time of the work alone.
   *
   * @param onBegin runs when the request no longer waits for a slot and its memory, on a thread of
   *     the engine, perhaps several times; returns at once. It does not run if the request ends
   *     before
   */
  CompletableFuture<Completion> submit(CompletionRequest request, Runnable onBegin);

  /** Processes a request. */
  default CompletableFuture<Completion> submit(CompletionRequest request) {
    return submit(request, () -> {});
  }

  /** The version for requests that name none; empty before the first was loaded. */
  Optional<ModelVersion> current();

  /** All versions that a request can name. */
  List<ModelVersion> loaded();

  /**
   * Opens a model directory beside the open versions, and tests it: a fixed prompt must produce
   * finite logits. Requests may then name it. An unusable directory is {@link LoadOutcome.Rejected}
   * and changes nothing.
   */
  CompletableFuture<LoadOutcome> load(ModelVersion version, Path directory);

  /**
   * Makes a loaded version the current one, at once.
   *
   * @throws IllegalArgumentException if it is not loaded
   */
  void makeCurrent(ModelVersion version);

  /**
   * Accepts no new requests for a version, lets its current requests finish, and closes it. The
   * future then completes; at once if the version is not loaded.
   *
   * @throws IllegalArgumentException if it is the current version
   */
  CompletableFuture<Void> retire(ModelVersion version);

  /**
   * Loads a version, makes it current and retires the previous one. Running requests finish on the
   * weights they started with. If the directory is rejected the previous version stays in service.
   */
  default CompletableFuture<LoadOutcome> switchTo(ModelVersion version, Path directory) {
    return load(version, directory)
        .thenApply(
            outcome -> {
              if (outcome instanceof LoadOutcome.Loaded) {
                Optional<ModelVersion> before = current();
                makeCurrent(version);
                before.filter(b -> !b.equals(version)).ifPresent(this::retire);
              }
              return outcome;
            });
  }

  /**
   * Ends all requests with {@link EngineClosedException} and releases all resources. Idempotent.
   */
  @Override
  void close();
}
