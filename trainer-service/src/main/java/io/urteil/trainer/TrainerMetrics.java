package io.urteil.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.urteil.metrics.LastValue;
import io.urteil.metrics.MeterDefinition;
import io.urteil.metrics.MeterScope;
import io.urteil.trainer.StepReport.Outcome;
import io.urteil.trainer.StepReport.Phases;
import io.urteil.trainer.policy.StepStatistics;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Meters of the trainer of one run. Written by its thread. */
final class TrainerMetrics implements AutoCloseable {

  static final MeterDefinition STEP =
      MeterDefinition.timer(
          "trainer.step",
          "Time of each phase of a batch: wait for it, read its rollouts, train.",
          "run",
          "phase");
  static final MeterDefinition CHECKPOINT_WRITE =
      MeterDefinition.timer(
          "trainer.checkpoint.write", "Time to write the checkpoint of a version.", "run");
  static final MeterDefinition BATCHES =
      MeterDefinition.counter(
          "trainer.batches", "batches", "Batches processed: trained or skipped.", "run", "outcome");
  static final MeterDefinition SEQUENCES =
      MeterDefinition.counter(
          "trainer.sequences", "sequences", "Sequences of trained batches.", "run");
  static final MeterDefinition TOKENS =
      MeterDefinition.counter(
          "trainer.tokens", "tokens", "Trained tokens of these sequences.", "run");
  static final MeterDefinition POLICY_LAG =
      MeterDefinition.summary(
          "trainer.policy.lag.versions",
          "versions",
          "Versions between the weights that sampled a rollout and those that the update started"
              + " from; one observation per sequence of known version.",
          "run");
  static final MeterDefinition POLICY_VERSION =
      MeterDefinition.gauge(
          "trainer.policy.version", "", "The policy version published last.", "run");
  static final MeterDefinition LOSS =
      MeterDefinition.gauge("trainer.loss", "", "Loss of the last trained batch.", "run");
  static final MeterDefinition KL =
      MeterDefinition.gauge(
          "trainer.kl",
          "",
          "KL divergence from the reference policy on the last trained batch (k3 estimate); 0"
              + " without a reference.",
          "run");
  static final MeterDefinition GRADIENT_NORM =
      MeterDefinition.gauge(
          "trainer.gradient.norm",
          "",
          "Euclidean norm of the last trained batch's gradient, before clipping.",
          "run");
  static final MeterDefinition CLIP_FRACTION =
      MeterDefinition.gauge(
          "trainer.clip.fraction",
          "",
          "Share of the last trained batch's tokens whose gradient the ratio clip removed.",
          "run");
  static final MeterDefinition LEARNING_RATE =
      MeterDefinition.gauge(
          "trainer.learning.rate", "", "Learning rate of the last trained batch.", "run");
  static final MeterDefinition MEAN_REWARD =
      MeterDefinition.gauge("trainer.mean.reward", "", "Mean reward of the last batch.", "run");

  private final MeterScope scope;
  private final Timer wait;
  private final Timer read;
  private final Timer train;
  private final Timer checkpointWrite;
  private final Counter trained;
  private final Counter skipped;
  private final Counter sequences;
  private final Counter tokens;
  private final DistributionSummary policyLag;
  private final LastValue policyVersion;
  private final LastValue loss;
  private final LastValue kl;
  private final LastValue gradientNorm;
  private final LastValue clipFraction;
  private final LastValue learningRate;
  private final LastValue meanReward;

  TrainerMetrics(MeterRegistry registry, String runId) {
    this.scope = new MeterScope(registry);
    this.wait = scope.timer(STEP, runId, "wait");
    this.read = scope.timer(STEP, runId, "read");
    this.train = scope.timer(STEP, runId, "train");
    this.checkpointWrite = scope.timer(CHECKPOINT_WRITE, runId);
    this.trained = scope.counter(BATCHES, runId, "trained");
    this.skipped = scope.counter(BATCHES, runId, "skipped");
    this.sequences = scope.counter(SEQUENCES, runId);
    this.tokens = scope.counter(TOKENS, runId);
    this.policyLag = scope.summary(POLICY_LAG, runId);
    this.policyVersion = scope.lastValue(POLICY_VERSION, runId);
    this.loss = scope.lastValue(LOSS, runId);
    this.kl = scope.lastValue(KL, runId);
    this.gradientNorm = scope.lastValue(GRADIENT_NORM, runId);
    this.clipFraction = scope.lastValue(CLIP_FRACTION, runId);
    this.learningRate = scope.lastValue(LEARNING_RATE, runId);
    this.meanReward = scope.lastValue(MEAN_REWARD, runId);
  }

  /** This version is published. */
  void published(StepReport report, long version) {
    Phases phases = report.phases();
    record(wait, phases.waitMillis());
    record(read, phases.readMillis());
    record(train, phases.trainMillis());
    record(checkpointWrite, phases.checkpointMillis());
    policyVersion.set(version);
    meanReward.set(report.meanReward());
    switch (report.outcome()) {
      case Outcome.Trained(StepStatistics statistics, List<OptionalLong> versions) -> {
        trained.increment();
        trained(statistics, report.batch().members().size());
        for (OptionalLong sampled : versions) {
          if (sampled.isPresent()) {
            policyLag.record(version - 1 - sampled.getAsLong());
          }
        }
      }
      case Outcome.Skipped(String _) -> skipped.increment();
    }
  }

  /** The trainer starts from this version. */
  void startedFrom(long version) {
    policyVersion.set(version);
  }

  private void trained(StepStatistics statistics, int members) {
    sequences.increment(members);
    tokens.increment(statistics.trainedTokens());
    loss.set(statistics.loss());
    kl.set(statistics.kl());
    gradientNorm.set(statistics.gradientNorm());
    clipFraction.set(statistics.clipFraction());
    learningRate.set(statistics.learningRate());
  }

  private static void record(Timer timer, double millis) {
    timer.record((long) (millis * 1e6), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    scope.close();
  }
}
