package io.urteil.metrics;

import io.micrometer.core.instrument.MeterRegistry;

/** Counts dead-letter records as they are published, in all components. Thread-safe. */
public final class DeadLetterMetrics implements AutoCloseable {

  /** Without the run: that of an unreadable or unknown record is arbitrary external text. */
  static final MeterDefinition DEAD_LETTERS =
      MeterDefinition.counter(
          "dead.letters",
          "letters",
          "Dead-letter records published, those of aborted transactions included.",
          "component",
          "cause");

  private final MeterScope scope;

  public DeadLetterMetrics(MeterRegistry registry) {
    this.scope = new MeterScope(registry);
  }

  /** Counts a dead-letter record of this component. */
  public void count(String component, String cause) {
    scope.counter(DEAD_LETTERS, component, cause).increment();
  }

  @Override
  public void close() {
    scope.close();
  }
}
