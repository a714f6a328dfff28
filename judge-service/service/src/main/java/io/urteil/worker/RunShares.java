package io.urteil.worker;

import io.urteil.worker.fair.FairPlaces;
import io.urteil.worker.fair.WorkOwner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds the records of one run that are judged at the same time, so that the backlog of a slow run
 * leaves the others their share. A record beyond the bound waits in the queue of its owner; its
 * lock is renewed meanwhile. Thread-safe.
 */
final class RunShares {

  private final int recordsPerRun;
  private final Map<String, FairPlaces> runs = new ConcurrentHashMap<>();

  /**
   * @param recordsPerRun judged at the same time
   */
  RunShares(int recordsPerRun) {
    this.recordsPerRun = recordsPerRun;
  }

  /** Waits for a place of this run. */
  FairPlaces.Held enter(String runId, WorkOwner owner) throws InterruptedException {
    return runs.computeIfAbsent(runId, id -> new FairPlaces(recordsPerRun)).acquire(owner, 1);
  }
}
