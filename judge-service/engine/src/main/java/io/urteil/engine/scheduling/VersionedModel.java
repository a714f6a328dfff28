package io.urteil.engine.scheduling;

import io.urteil.engine.ModelVersion;
import io.urteil.engine.runtime.MemoryLedger;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/**
 * A loaded version: its decoder, the sequences that run on it, and how many requests still hold it.
 * The batch and the queue belong to the scheduler's thread; the count to the {@link ModelRegistry}.
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

  /** Requests that this version must answer and that have not started, or not all their samples. */
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

  /** Whether the last holder has now let go of a retired version: it can be closed. */
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
