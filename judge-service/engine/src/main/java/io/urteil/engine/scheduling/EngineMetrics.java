package io.urteil.engine.scheduling;

import io.micrometer.core.instrument.MeterRegistry;
import io.urteil.engine.EngineStatistics;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/**
 * Meters of the engines of this process, summed by what they are used for: engines come and go with
 * runs and judges, their models have paths for names. Nothing here is called while an engine
 * decodes; the registry reads the engines' own adders. Thread-safe.
 */
public final class EngineMetrics implements AutoCloseable {

  static final MeterDefinition TOKENS =
      MeterDefinition.counter(
          "engine.tokens",
          "tokens",
          "Tokens drawn (sampled), prompt tokens computed (prefilled), and prompt tokens reused from"
              + " a slot (shared).",
          "engine",
          "type");
  static final MeterDefinition STEP =
      MeterDefinition.plainTimer(
          "engine.step",
          "Time of a scheduler turn with a decode step, prefill included.",
          "engine");
  static final MeterDefinition BUSY =
      MeterDefinition.counter("engine.busy", "seconds", "Time with work to do.", "engine");
  static final MeterDefinition RUNTIME =
      MeterDefinition.counter(
          "engine.runtime", "seconds", "Time inside the model runtime.", "engine");
  static final MeterDefinition WAITING_REQUESTS =
      MeterDefinition.gauge(
          "engine.waiting.requests",
          "requests",
          "Requests with samples that have not started.",
          "engine");
  static final MeterDefinition SLOTS =
      MeterDefinition.gauge(
          "engine.slots", "slots", "Sequences that can decode in one step.", "engine");
  static final MeterDefinition USED_SLOTS =
      MeterDefinition.gauge("engine.used.slots", "slots", "Sequences that decode now.", "engine");

  private static final double NANOS_PER_SECOND = 1e9;
  private static final Map<Key, Pool> POOLS = new HashMap<>();

  private record Key(MeterRegistry registry, String use) {}

  /** The open engines of one use, and what the closed ones did. */
  private static final class Pool {
    private final MeterScope scope;
    private final CopyOnWriteArrayList<EngineMeter> open = new CopyOnWriteArrayList<>();
    private final Map<ToLongFunction<EngineMeter>, Long> closed = new HashMap<>();

    Pool(MeterRegistry registry, String use) {
      this.scope = new MeterScope(registry);
      tokens(EngineStatistics::sampledTokens, use, "sampled");
      tokens(EngineStatistics::prefillTokens, use, "prefilled");
      tokens(EngineStatistics::sharedTokens, use, "shared");
      ToLongFunction<EngineMeter> steps = summed(EngineStatistics::decodeSteps);
      ToLongFunction<EngineMeter> stepNanos = kept(EngineMeter::stepNanos);
      scope.timer(STEP, () -> sum(steps), () -> sum(stepNanos), use);
      ToLongFunction<EngineMeter> busy = summed(EngineStatistics::busyNanos);
      scope.counter(BUSY, () -> sum(busy) / NANOS_PER_SECOND, use);
      ToLongFunction<EngineMeter> runtime = summed(EngineStatistics::runtimeNanos);
      scope.counter(RUNTIME, () -> sum(runtime) / NANOS_PER_SECOND, use);
      scope.gauge(WAITING_REQUESTS, () -> now(EngineMeter::waitingRequests), use);
      scope.gauge(SLOTS, () -> now(EngineMeter::slots), use);
      scope.gauge(USED_SLOTS, () -> now(EngineMeter::usedSlots), use);
    }

    private void tokens(ToLongFunction<EngineStatistics> count, String use, String type) {
      ToLongFunction<EngineMeter> tokens = summed(count);
      scope.counter(TOKENS, () -> sum(tokens), use, type);
    }

    private ToLongFunction<EngineMeter> summed(ToLongFunction<EngineStatistics> count) {
      return kept(meter -> count.applyAsLong(meter.statistics()));
    }

    private ToLongFunction<EngineMeter> kept(ToLongFunction<EngineMeter> count) {
      closed.put(count, 0L);
      return count;
    }

    /** Never less than before, also when an engine is closed. */
    private synchronized long sum(ToLongFunction<EngineMeter> count) {
      return closed.getOrDefault(count, 0L) + now(count);
    }

    private long now(ToLongFunction<EngineMeter> value) {
      return open.stream().mapToLong(value).sum();
    }

    /** Whether it was the last one. */
    synchronized boolean close(EngineMeter meter) {
      if (open.remove(meter)) {
        closed.replaceAll((count, before) -> before + count.applyAsLong(meter));
      }
      return open.isEmpty();
    }
  }

  private final Key key;
  private final EngineMeter meter;

  /**
   * Shows an engine until this is closed.
   *
   * @param use what the engine is for, one of a few
   */
  public EngineMetrics(MeterRegistry registry, String use, EngineMeter meter) {
    this.key = new Key(registry, use);
    this.meter = meter;
    synchronized (POOLS) {
      POOLS.computeIfAbsent(key, missing -> new Pool(registry, use)).open.add(meter);
    }
  }

  @Override
  public void close() {
    synchronized (POOLS) {
      Pool pool = POOLS.get(key);
      if (pool != null && pool.close(meter)) {
        POOLS.remove(key);
        pool.scope.close();
      }
    }
  }
}
