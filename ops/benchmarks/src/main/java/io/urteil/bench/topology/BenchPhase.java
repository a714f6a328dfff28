package io.urteil.bench.topology;

import java.util.Locale;

/** The phases in execution order. Each can run alone. */
public enum BenchPhase {
  /** Throughput of the bare broker for records of 4 KB. */
  RAW,

  /**
   * Maximum throughput of rollouts and the bytes written for them, compared with the bare broker.
   */
  THROUGHPUT,

  /**
   * Latency from the last judgement of a batch to its consumer, compared with a copy of one hop.
   */
  LATENCY,

  /** Memory and punctuation time with many open groups. */
  OPEN_GROUPS,

  /** Restart after SIGKILL with many open groups. */
  RESTART,

  /** Many workers with a slow judge. */
  WORKERS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
