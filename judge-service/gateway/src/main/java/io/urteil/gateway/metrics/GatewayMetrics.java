package io.urteil.gateway.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Meters of one gateway. Thread-safe. */
public final class GatewayMetrics implements AutoCloseable {

  static final MeterDefinition OPEN_GROUPS =
      MeterDefinition.gauge(
          "gateway.open.groups",
          "groups",
          "Groups that the gateway published and that have not closed, and requests that wait for a cohort.");
  static final MeterDefinition OPEN_BYTES =
      MeterDefinition.gauge("gateway.open.bytes", "bytes", "Size of the rollouts of open groups.");
  static final MeterDefinition WAITED_GROUPS =
      MeterDefinition.gauge("gateway.waited.groups", "groups", "Groups that clients wait for.");
  static final MeterDefinition SUBMITTED_GROUPS =
      MeterDefinition.counter(
          "gateway.submitted.groups",
          "groups",
          "Submitted groups: with members that were not known before (new), without (repeated), or"
              + " refused.",
          "outcome");
  static final MeterDefinition CLOSE_TIME =
      MeterDefinition.timer(
          "gateway.close.time", "Time from the submission of a group to its outcome.");

  private final MeterScope scope;

  /** How a submitted group was received. */
  public enum Received {
    NEW("new"),
    REPEATED("repeated"),
    REFUSED("refused");

    private final String tag;

    Received(String tag) {
      this.tag = tag;
    }
  }

  /**
   * @param openGroups number of open groups; each value is read when the meters are, on any thread
   * @param openBytes size of their rollouts
   * @param waitedGroups number of groups that clients wait for
   */
  public GatewayMetrics(
      MeterRegistry registry,
      DoubleSupplier openGroups,
      DoubleSupplier openBytes,
      DoubleSupplier waitedGroups) {
    this.scope = new MeterScope(registry);
    scope.gauge(OPEN_GROUPS, openGroups);
    scope.gauge(OPEN_BYTES, openBytes);
    scope.gauge(WAITED_GROUPS, waitedGroups);
    scope.timer(CLOSE_TIME);
    for (Received received : Received.values()) {
      count(received, 0);
    }
  }

  /** Counts groups of a request. */
  public void count(Received received, int groups) {
    scope.counter(SUBMITTED_GROUPS, received.tag).increment(groups);
  }

  /** A group that this gateway published has closed. */
  public void closed(Duration afterSubmission) {
    scope.timer(CLOSE_TIME).record(afterSubmission);
  }

  @Override
  public void close() {
    scope.close();
  }
}
