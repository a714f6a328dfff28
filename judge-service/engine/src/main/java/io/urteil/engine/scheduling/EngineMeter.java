package io.urteil.engine.scheduling;

import io.urteil.engine.EngineStatistics;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts for {@link EngineStatistics} and {@link EngineMetrics}: written by the scheduler's thread,
 * read by any. Plain adders, which a step writes without allocation; Micrometer reads them when it
 * is asked. The median over the whole life of an engine, which benchmarks report, is of no timer of
 * Micrometer's: its percentiles fade.
 */
public final class EngineMeter {

  private final LongAdder decodeSteps = new LongAdder();
  private final LongAdder sampledTokens = new LongAdder();
  private final LongAdder prefillTokens = new LongAdder();
  private final LongAdder sharedTokens = new LongAdder();
  private final LongAdder stepNanos = new LongAdder();
  private final DurationHistogram steps = new DurationHistogram();
  private final LongAdder runtimeNanos = new LongAdder();
  private final LongAdder busyNanos = new LongAdder();
  private final LongAdder slots = new LongAdder();
  private final LongAdder usedSlots = new LongAdder();
  private final LongAdder waitingRequests = new LongAdder();

  /** Records the duration of a turn with a decode step and its prompts. */
  void decoded(long nanos) {
    decodeSteps.increment();
    stepNanos.add(nanos);
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

  /** Slots of a version that was opened; negative when it is closed. */
  void slots(int more) {
    slots.add(more);
  }

  void usedSlots(int more) {
    usedSlots.add(more);
  }

  void waitingRequests(int more) {
    waitingRequests.add(more);
  }

  long slots() {
    return slots.sum();
  }

  long usedSlots() {
    return usedSlots.sum();
  }

  long waitingRequests() {
    return waitingRequests.sum();
  }

  /** Time of all turns with a decode step. */
  long stepNanos() {
    return stepNanos.sum();
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
