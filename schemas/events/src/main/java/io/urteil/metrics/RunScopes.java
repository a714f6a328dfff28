package io.urteil.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The meters of each run that a component serves. Runs have unlimited retention and no event ends
 * one, so the meters of the least recently used run are removed above {@link #MAX_RUNS}.
 * Thread-safe.
 *
 * @param <T> type that holds the meters of a run
 */
public final class RunScopes<T> implements AutoCloseable {

  /** Maximum number of runs whose meters are kept. */
  public static final int MAX_RUNS = 200;

  private record Entry<T>(MeterScope scope, T meters) {}

  private MeterRegistry registry;
  private final BiFunction<String, MeterScope, T> factory;
  private final LinkedHashMap<String, Entry<T>> runs = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param factory creates the meters of a run from its id and the scope to register them in
   */
  public RunScopes(MeterRegistry registry, BiFunction<String, MeterScope, T> factory) {
    this.registry = registry;
    this.factory = factory;
  }

  /** The meters of this run, which must exist. */
  public synchronized T of(String runId) {
    Entry<T> known = runs.get(runId);
    if (known == null) {
      MeterScope scope = new MeterScope(registry);
      known = new Entry<>(scope, factory.apply(runId, scope));
      runs.put(runId, known);
      if (runs.size() > MAX_RUNS) {
        runs.pollFirstEntry().getValue().scope().close();
      }
    }
    return known.meters();
  }

  /** Removes all meters. Meters that are created later are not registered. */
  @Override
  public synchronized void close() {
    registry = new CompositeMeterRegistry();
    List<Entry<T>> all = new ArrayList<>(runs.values());
    runs.clear();
    all.forEach(entry -> entry.scope().close());
  }
}
