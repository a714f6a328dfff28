package io.urteil.engine.scheduling;

import io.urteil.engine.ModelVersion;
import io.urteil.engine.runtime.MemoryLedger;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * A loaded version: its decoder, its running sequences, and the number of requests that hold it.
 * The batch and the queue are confined to the scheduler's thread; the count belongs to the {@link
 * ModelRegistry}.
 */
public final class VersionedModel {

  private final ModelVersion version;
  private final ContinuousBatch batch;
  private final MemoryLedger.Reservation memory;
  private final ArrayDeque<RequestInFlight> waiting = new ArrayDeque<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private int holders;
  private boolean retired;

  public VersionedModel(
      ModelVersion version, ContinuousBatch batch, MemoryLedger.Reservation memory) {
    this.version = version;
    this.batch = batch;
    this.memory = memory;
  }

  public ModelVersion version() {
    return version;
  }

  public ContinuousBatch batch() {
    return batch;
  }

  /** Requests for this version with samples that have not started. */
  ArrayDeque<RequestInFlight> waiting() {
    return waiting;
  }

  /** Completes when the version is retired, drained and closed. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  boolean isRetired() {
    return retired;
  }

  void retire() {
    retired = true;
  }

  void acquire() {
    holders++;
  }

  /** Whether the last request has released a retired version, which can then be closed. */
  boolean release() {
    holders--;
    return isDrained();
  }

  boolean isDrained() {
    return retired && holders == 0;
  }

  void close() {
    try {
      batch.close();
      memory.close();
      closed.complete(null);
    } catch (RuntimeException e) {
      memory.close();
      closed.completeExceptionally(e);
    }
  }
}
