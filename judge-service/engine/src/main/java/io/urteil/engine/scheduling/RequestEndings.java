package io.urteil.engine.scheduling;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineException;
import io.urteil.engine.StopReason;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ways in which a request leaves the engine. Each ends it once, lets go of its version and
 * makes room for another. Called by the scheduler's thread.
 */
public final class RequestEndings {

  private final ModelRegistry registry;
  private final AtomicInteger inFlight;

  public RequestEndings(ModelRegistry registry, AtomicInteger inFlight) {
    this.registry = registry;
    this.inFlight = inFlight;
  }

  /** Takes a finished sample, and answers the request if it was the last. */
  void finished(RequestInFlight request, VersionedModel model, CompletionSample sample) {
    if (request.finish(sample) && end(request)) {
      request.answer(model.version());
    }
  }

  /** Ends what was not started of a request, and answers it if nothing of it runs. */
  void finishedEarly(
      RequestInFlight request, VersionedModel model, StopReason reason, String detail) {
    if (request.finishRemaining(reason, detail) && end(request)) {
      request.answer(model.version());
    }
  }

  /** Nobody waits for it any more. */
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
