package io.urteil.bench.topology;

import java.util.Locale;

/** What is measured, in this order; each can be measured alone. */
public enum BenchPhase {
  /** Records of 4 KB on the bare broker. */
  RAW,

  /** Rollouts as fast as they go, and the bytes written for them; beside the bare broker. */
  THROUGHPUT,

  /** From a batch's last judgement to its reader, beside a copy of one hop. */
  LATENCY,

  /** Memory and the clock with many open groups. */
  OPEN_GROUPS,

  /** SIGKILL with many open groups. */
  RESTART,

  /** Many workers with a slow judge. */
  WORKERS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
