package io.urteil.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Completes prompts with versions of a model. Every method may be called from any thread and none
 * waits.
 *
 * <p>The life of a request:
 *
 * <ol>
 *   <li>{@link #submit} queues it, first come first served.
 *   <li>When slots are free its version is fixed: the one it names, or the current one. The prompt
 *       is read once for all samples.
 *   <li>Samples draw token after token, beside those of other requests, until each has finished.
 *   <li>The future completes. A prompt that does not fit, or a passed deadline, is a {@link
 *       CompletionSample} with its reason; the future fails only if nothing can be said about the
 *       samples: unknown version, failed runtime ({@link EngineException}), closed engine ({@link
 *       EngineClosedException}).
 * </ol>
 *
 * <p>Cancelling the future frees what the request holds at the next step.
 */
public interface InferenceEngine extends AutoCloseable {

  CompletableFuture<Completion> submit(CompletionRequest request);

  /** The version that answers requests which name none; empty before the first was loaded. */
  Optional<ModelVersion> current();

  /** All versions that can be named in a request. */
  List<ModelVersion> loaded();

  /**
   * Opens a model directory beside what is open, and tries it: a fixed prompt must give finite
   * logits. Requests may then name it. A directory that cannot be used is {@link
   * LoadOutcome.Refused} and changes nothing.
   */
  CompletableFuture<LoadOutcome> load(ModelVersion version, Path directory);

  /**
   * Makes a loaded version the current one, at once.
   *
   * @throws IllegalArgumentException if it is not loaded
   */
  void makeCurrent(ModelVersion version);

  /**
   * Takes no new requests for a version, lets those that name it or run on it finish, and closes
   * it. The future then completes; at once if the version is not loaded.
   *
   * @throws IllegalArgumentException if it is the current version
   */
  CompletableFuture<Void> retire(ModelVersion version);

  /**
   * Loads a version, makes it current and retires the one before. Requests under way finish on the
   * weights they began with. If the directory is refused the version before serves on.
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

  /** Ends all requests with {@link EngineClosedException} and gives everything back. Idempotent. */
  @Override
  void close();
}
