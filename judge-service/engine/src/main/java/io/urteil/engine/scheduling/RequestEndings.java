package io.urteil.engine.scheduling;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineException;
import io.urteil.engine.StopReason;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ways in which a request ends. Each ends it once, releases its version and frees its slot.
 * Called by the scheduler's thread.
 */
public final class RequestEndings {

  private final ModelRegistry registry;
  private final AtomicInteger inFlight;

  public RequestEndings(ModelRegistry registry, AtomicInteger inFlight) {
    this.registry = registry;
    this.inFlight = inFlight;
  }

  /** Adds a finished sample, and completes the request if it was the last. */
  void finished(RequestInFlight request, VersionedModel model, CompletionSample sample) {
    if (request.finish(sample) && end(request)) {
      request.answer(model.version());
    }
  }

  /** Ends the samples of a request that were not started, and completes it if none is running. */
  void finishedEarly(
      RequestInFlight request, VersionedModel model, StopReason reason, String detail) {
    if (request.finishRemaining(reason, detail) && end(request)) {
      request.answer(model.version());
    }
  }

  /** The caller abandoned the request. */
  void abandoned(RequestInFlight request) {
    end(request);
  }

  public void failed(RequestInFlight request, EngineException cause) {
    if (end(request)) {
      request.fail(cause);
    }
  }

  private boolean end(RequestInFlight request) {
    if (!request.end()) {
      return false;
    }
    inFlight.decrementAndGet();
    VersionedModel model = request.model();
    if (model != null) {
      registry.release(model);
    }
    return true;
  }
}
