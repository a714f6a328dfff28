package io.urteil.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one component, or of one of its runs: registered on first use, and removed from the
 * registry when the scope is closed. Scopes may share a counter, timer or summary, which is removed
 * with the last of them. Thread-safe.
 */
public final class MeterScope implements AutoCloseable {

  private static final Map<Shared, Integer> HOLDERS = new HashMap<>();

  /** A meter in its registry, the key of the reference counts. */
  private record Shared(MeterRegistry registry, Meter.Id id) {}

  private record Key(MeterDefinition definition, List<String> values) {}

  private final MeterRegistry registry;
  private final Map<Key, Meter> meters = new ConcurrentHashMap<>();

  /** Strong references to the sources of function meters; the registry has weak ones only. */
  private final List<Object> sources = new ArrayList<>();

  public MeterScope(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The counter with these tag values; cached, so it can be looked up for each event. */
  public Counter counter(MeterDefinition definition, String... values) {
    return meter(
        definition,
        values,
        Counter.class,
        tags ->
            Counter.builder(definition.name())
                .description(definition.meaning())
                .baseUnit(unit(definition))
                .tags(tags)
                .register(registry));
  }

  /** The timer with these tag values; cached, so it can be looked up for each event. */
  public Timer timer(MeterDefinition definition, String... values) {
    return meter(
        definition,
        values,
        Timer.class,
        tags -> {
          Timer.Builder timer =
              Timer.builder(definition.name()).description(definition.meaning()).tags(tags);
          if (definition.hasBuckets()) {
            timer.serviceLevelObjectives(MeterDefinition.timeBuckets());
          }
          return timer.register(registry);
        });
  }

  /** The summary with these tag values; cached, so it can be looked up for each event. */
  public DistributionSummary summary(MeterDefinition definition, String... values) {
    return meter(
        definition,
        values,
        DistributionSummary.class,
        tags ->
            DistributionSummary.builder(definition.name())
                .description(definition.meaning())
                .baseUnit(unit(definition))
                .serviceLevelObjectives(MeterDefinition.numberBuckets())
                .tags(tags)
                .register(registry));
  }

  /** Registers a gauge that reads this value, in seconds if that is its unit. */
  public void gauge(MeterDefinition definition, DoubleSupplier value, String... values) {
    meter(
        definition,
        values,
        Gauge.class,
        tags ->
            definition.unit().equals("seconds")
                ? TimeGauge.builder(definition.name(), value::getAsDouble, TimeUnit.SECONDS)
                    .description(definition.meaning())
                    .tags(tags)
                    .register(registry)
                : Gauge.builder(definition.name(), value::getAsDouble)
                    .description(definition.meaning())
                    .baseUnit(unit(definition))
                    .tags(tags)
                    .register(registry));
  }

  /** Registers a gauge that is set by the caller. */
  public LastValue lastValue(MeterDefinition definition, String... values) {
    LastValue last = new LastValue();
    gauge(definition, last, values);
    return last;
  }

  /** Registers a counter that reads an external sum. */
  public void counter(MeterDefinition definition, DoubleSupplier sum, String... values) {
    meter(
        definition,
        values,
        FunctionCounter.class,
        tags ->
            FunctionCounter.builder(definition.name(), held(sum), DoubleSupplier::getAsDouble)
                .description(definition.meaning())
                .baseUnit(unit(definition))
                .tags(tags)
                .register(registry));
  }

  /** Registers a timer that reads an external count and sum, in nanoseconds. */
  public void timer(
      MeterDefinition definition, LongSupplier count, LongSupplier nanos, String... values) {
    record Times(LongSupplier count, LongSupplier nanos) {}
    meter(
        definition,
        values,
        FunctionTimer.class,
        tags ->
            FunctionTimer.builder(
                    definition.name(),
                    held(new Times(count, nanos)),
                    times -> times.count().getAsLong(),
                    times -> times.nanos().getAsLong(),
                    TimeUnit.NANOSECONDS)
                .description(definition.meaning())
                .tags(tags)
                .register(registry));
  }

  private <M extends Meter> M meter(
      MeterDefinition definition, String[] values, Class<M> type, Function<Tags, M> register) {
    Key key = new Key(definition, List.of(values));
    Meter known = meters.get(key);
    if (known == null) {
      known =
          meters.computeIfAbsent(
              key, missing -> hold(register.apply(definition.tags(missing.values()))));
    }
    return type.cast(known);
  }

  private synchronized <T> T held(T source) {
    sources.add(source);
    return source;
  }

  private <M extends Meter> M hold(M meter) {
    synchronized (HOLDERS) {
      HOLDERS.merge(new Shared(registry, meter.getId()), 1, Integer::sum);
    }
    return meter;
  }

  private static @Nullable String unit(MeterDefinition definition) {
    return definition.unit().isEmpty() ? null : definition.unit();
  }

  /** Removes the meters that no other scope shares. */
  @Override
  public void close() {
    for (Key key : List.copyOf(meters.keySet())) {
      Meter meter = meters.remove(key);
      if (meter != null) {
        synchronized (HOLDERS) {
          Shared shared = new Shared(registry, meter.getId());
          if (HOLDERS.computeIfPresent(shared, (same, holders) -> holders == 1 ? null : holders - 1)
              == null) {
            registry.remove(meter);
          }
        }
      }
    }
  }
}
