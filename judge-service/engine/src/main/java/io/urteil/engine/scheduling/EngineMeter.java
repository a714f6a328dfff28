package io.urteil.engine.scheduling;

import io.urteil.engine.EngineStatistics;
import java.util.concurrent.atomic.LongAdder;

/** Counts for {@link EngineStatistics}: written by the scheduler's thread, read by any. */
public final class EngineMeter {

  private final LongAdder decodeSteps = new LongAdder();
  private final LongAdder sampledTokens = new LongAdder();
  private final LongAdder prefillTokens = new LongAdder();
  private final LongAdder sharedTokens = new LongAdder();
  private final DurationHistogram steps = new DurationHistogram();
  private final LongAdder runtimeNanos = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();

  /** Records the duration of a turn with a decode step and its prompts. */
  void decoded(long nanos) {
    decodeSteps.increment();
    steps.add(nanos);
  }

  void shared(int tokens) {
    sharedTokens.add(tokens);
  }

  void sampled(int tokens) {
    sampledTokens.add(tokens);
  }

  void prefilled(int tokens) {
    prefillTokens.add(tokens);
  }

  void ran(long nanos) {
    runtimeNanos.add(nanos);
  }

  public void busy(long nanos) {
    busyNanos.add(nanos);
  }

  public EngineStatistics statistics() {
    return new EngineStatistics(
        decodeSteps.sum(),
        sampledTokens.sum(),
        prefillTokens.sum(),
        sharedTokens.sum(),
        runtimeNanos.sum(),
        busyNanos.sum(),
        steps.quantile(0.5),
        steps.largest());
  }
}
