package io.urteil.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Bounds the records of one run that are judged at the same time, so that the backlog of a slow run
 * leaves the others their share. A record beyond the bound waits, first come first served; its lock
 * is renewed meanwhile. Thread-safe.
 */
final class RunShares {

  private final int recordsPerRun;
  private final Map<String, Semaphore> runs = new ConcurrentHashMap<>();

  /**
   * @param recordsPerRun judged at the same time
   */
  RunShares(int recordsPerRun) {
    this.recordsPerRun = recordsPerRun;
  }

  /** Waits for a place of this run. */
  void enter(String runId) throws InterruptedException {
    places(runId).acquire();
  }

  /** Returns a place that was taken. */
  void leave(String runId) {
    places(runId).release();
  }

  private Semaphore places(String runId) {
    return runs.computeIfAbsent(runId, id -> new Semaphore(recordsPerRun, true));
  }
}
