package io.urteil.sampler.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.urteil.engine.StopReason;
import io.urteil.metrics.LastValue;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import io.urteil.metrics.RunScopes;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Meters of a sampler. Thread-safe. */
public final class SamplerMetrics implements AutoCloseable {

  static final MeterDefinition ROLLOUTS =
      MeterDefinition.counter(
          "sampler.rollouts", "rollouts", "Rollouts sent, by stop reason.", "run", "reason");
  static final MeterDefinition TOKENS =
      MeterDefinition.counter(
          "sampler.tokens", "tokens", "Completion tokens of these rollouts.", "run");
  static final MeterDefinition ADMISSION_WAIT =
      MeterDefinition.timer(
          "sampler.admission.wait",
          "Time from reading a prompt to its first request to the engine: admission and the opening"
              + " of its policy version.",
          "run");
  static final MeterDefinition PROMPTS =
      MeterDefinition.gauge(
          "sampler.prompts",
          "prompts",
          "Prompts read and not finished: waiting for admission or a version, or sampling.",
          "run",
          "state");
  static final MeterDefinition CHECKPOINT_LOAD =
      MeterDefinition.timer(
          "sampler.checkpoint.load",
          "Time to verify and open a policy version, by outcome.",
          "run",
          "outcome");
  static final MeterDefinition POLICY_VERSION =
      MeterDefinition.gauge(
          "sampler.policy.version", "", "The policy version that was opened last.", "run");

  /** The meters of one run. */
  public static final class RunMeters {
    private final String runId;
    private final MeterScope scope;
    private final LastValue waiting;
    private final LastValue sampling;
    private final LastValue policyVersion;
    private final Timer admissionWait;
    private final Counter tokens;

    private RunMeters(String runId, MeterScope scope) {
      this.runId = runId;
      this.scope = scope;
      this.waiting = scope.lastValue(PROMPTS, runId, "waiting");
      this.sampling = scope.lastValue(PROMPTS, runId, "sampling");
      this.policyVersion = scope.lastValue(POLICY_VERSION, runId);
      this.admissionWait = scope.timer(ADMISSION_WAIT, runId);
      this.tokens = scope.counter(TOKENS, runId);
    }

    /** Counts a rollout and its completion tokens. */
    public void sent(StopReason reason, int newTokens) {
      scope.counter(ROLLOUTS, runId, label(reason)).increment();
      tokens.increment(newTokens);
    }

    /** Records the time from reading a prompt to its first request. */
    public void dispatched(long waitedNanos) {
      admissionWait.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    /** Sets the number of prompts in each state. */
    public void prompts(int nowWaiting, int nowSampling) {
      waiting.set(nowWaiting);
      sampling.set(nowSampling);
    }

    /** Sets the number of the version that was opened last. */
    public void opened(long number) {
      policyVersion.set(number);
    }

    /** Records the time to open or reject a policy version. */
    public void loaded(boolean usable, long nanos) {
      scope
          .timer(CHECKPOINT_LOAD, runId, usable ? "opened" : "rejected")
          .record(nanos, TimeUnit.NANOSECONDS);
    }

    private static String label(StopReason reason) {
      return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final RunScopes<RunMeters> runs;

  public SamplerMetrics(MeterRegistry registry) {
    this.runs = new RunScopes<>(registry, RunMeters::new);
  }

  /** The meters of a known run. */
  public RunMeters of(String runId) {
    return runs.of(runId);
  }

  @Override
  public void close() {
    runs.close();
  }
}
