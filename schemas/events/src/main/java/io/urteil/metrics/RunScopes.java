package io.urteil.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The meters of each run of a component. The number of runs is unlimited and no event marks the end
 * of one, so the meters of the least recently active runs are removed. Thread-safe.
 *
 * @param <T> type with the meters of a run
 */
public final class RunScopes<T> implements AutoCloseable {

  /** Maximum number of runs with meters. */
  public static final int MAX_RUNS = 200;

  private record Entry<T>(MeterScope scope, T meters) {}

  private MeterRegistry registry;
  private final BiFunction<String, MeterScope, T> factory;
  private final LinkedHashMap<String, Entry<T>> runs = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * No meters yet.
   *
   * @param factory creates the meters of a run from its id and the scope of their registration
   */
  public RunScopes(MeterRegistry registry, BiFunction<String, MeterScope, T> factory) {
    this.registry = registry;
    this.factory = factory;
  }

  /** The meters of this run. To be called for known runs only, since ids become labels. */
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

  /** Removes all meters; later ones are not registered. */
  @Override
  public synchronized void close() {
    registry = new CompositeMeterRegistry();
    List<Entry<T>> all = new ArrayList<>(runs.values());
    runs.clear();
    all.forEach(entry -> entry.scope().close());
  }
}
