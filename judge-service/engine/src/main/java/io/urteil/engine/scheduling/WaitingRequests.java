package io.urteil.engine.scheduling;

import io.urteil.engine.EngineClosedException;
import io.urteil.engine.EngineException;
import io.urteil.engine.StopReason;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Waiting requests in the order of submission: those that name a version wait with it, the others
 * for the version that is current at their start. Confined to the scheduler's thread.
 */
public final class WaitingRequests {

  private final ModelRegistry registry;
  private final RequestEndings endings;
  private final EngineMeter meter;
  private final ArrayDeque<RequestInFlight> unnamed = new ArrayDeque<>();

  public WaitingRequests(ModelRegistry registry, RequestEndings endings, EngineMeter meter) {
    this.registry = registry;
    this.endings = endings;
    this.meter = meter;
  }

  public void add(RequestInFlight request) {
    VersionedModel model = request.model();
    (model == null ? unnamed : model.waiting()).addLast(request);
    meter.waitingRequests(1);
  }

  /** The next request for a version, which stays in the queue; null if there is none. */
  @Nullable RequestInFlight peek(VersionedModel model) {
    RequestInFlight named = model.waiting().peekFirst();
    RequestInFlight free = registry.isCurrent(model) ? unnamed.peekFirst() : null;
    return free != null && (named == null || free.order() < named.order()) ? free : named;
  }

  /** The next request for a version, which is set now; null if there is none. */
  @Nullable RequestInFlight take(VersionedModel model) {
    RequestInFlight named = model.waiting().peekFirst();
    RequestInFlight free = registry.isCurrent(model) ? unnamed.peekFirst() : null;
    if (free != null
        && (named == null || free.order() < named.order())
        && registry.acquireCurrent(model)) {
      unnamed.removeFirst();
      meter.waitingRequests(-1);
      free.assign(model);
      return free;
    }
    RequestInFlight taken = model.waiting().pollFirst();
    if (taken != null) {
      meter.waitingRequests(-1);
    }
    return taken;
  }

  /** Returns a request that could not start with all samples to the head of the queue. */
  void putBack(VersionedModel model, RequestInFlight request) {
    model.waiting().addFirst(request);
    meter.waitingRequests(1);
  }

  /** Whether any request waits for a version to become current. */
  public boolean hasUnnamed() {
    return !unnamed.isEmpty();
  }

  /** Ends waiting requests that are abandoned or overdue. */
  public void sweep() {
    Optional<VersionedModel> current = registry.current();
    sweep(unnamed, current.orElse(null));
    for (VersionedModel model : registry.running()) {
      sweep(model.waiting(), model);
    }
  }

  /** Ends all waiting requests. */
  public void failAll() {
    for (VersionedModel model : registry.running()) {
      failAll(model.waiting());
    }
    failAll(unnamed);
  }

  private void failAll(Queue<RequestInFlight> requests) {
    for (RequestInFlight next = requests.poll(); next != null; next = requests.poll()) {
      meter.waitingRequests(-1);
      endings.failed(next, new EngineClosedException(next.id()));
    }
  }

  private void sweep(Queue<RequestInFlight> requests, @Nullable VersionedModel model) {
    for (Iterator<RequestInFlight> each = requests.iterator(); each.hasNext(); ) {
      RequestInFlight request = each.next();
      if (request.isAbandoned()) {
        each.remove();
        meter.waitingRequests(-1);
        endings.abandoned(request);
      } else if (request.isOverdue()) {
        each.remove();
        meter.waitingRequests(-1);
        if (model == null) {
          endings.failed(
              request,
              new EngineException(
                  "Request '%s': its deadline passed before a version was current"
                      .formatted(request.id())));
        } else {
          endings.finishedEarly(
              request, model, StopReason.CANCELLED, ContinuousBatch.DEADLINE_PASSED);
        }
      }
    }
  }
}
