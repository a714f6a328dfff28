package io.urteil.trainer;

import io.urteil.event.PolicyUpdate;
import io.urteil.trainer.TrainingBatch.Member;
import io.urteil.trainer.policy.StepStatistics;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The effect of one batch on the policy, as an event.
 *
 * @param outcome of the step
 * @param phases duration of each phase
 */
record StepReport(TrainingBatch batch, Outcome outcome, Phases phases) {

  /** The outcome of a batch. */
  sealed interface Outcome {

    /**
     * It was trained.
     *
     * @param policyVersions that sampled each rollout, if known
     */
    record Trained(StepStatistics statistics, List<OptionalLong> policyVersions)
        implements Outcome {}

    /** It was unusable; the weights are the parent's. */
    record Skipped(String reason) implements Outcome {}
  }

  /** Duration of each phase; waiting starts at the end of the previous step. */
  record Phases(
      double waitMillis, double readMillis, double trainMillis, double checkpointMillis) {}

  PolicyUpdate event(String runId, long version, String lineage, String objective) {
    PolicyUpdate.Builder update =
        PolicyUpdate.newBuilder()
            .setRunId(runId)
            .setVersion(version)
            .setLineage(lineage)
            .setBatchId(batch.batchId())
            .setObjective(objective)
            .setRollouts(batch.members().size())
            .setMeanReward(meanReward())
            .setWaitMillis(phases.waitMillis())
            .setReadMillis(phases.readMillis())
            .setTrainMillis(phases.trainMillis())
            .setCheckpointMillis(phases.checkpointMillis())
            .setCreatedAt(Instant.now());
    return switch (outcome) {
      case Outcome.Trained(StepStatistics statistics, List<OptionalLong> versions) ->
          update
              .setLoss(statistics.loss())
              .setKl(statistics.kl())
              .setClipFraction(statistics.clipFraction())
              .setMaxAbsLogRatio(statistics.maxAbsLogRatio().orElse(0))
              .setGradientNorm(statistics.gradientNorm())
              .setLearningRate(statistics.learningRate())
              .setTrainedTokens(statistics.trainedTokens())
              .setMeanLength(
                  statistics.trainedTokens() / (double) Math.max(1, batch.members().size()))
              .setLagHistogram(lagHistogram(version - 1, versions))
              .build();
      case Outcome.Skipped skipped ->
          update
              .setLoss(0)
              .setClipFraction(0)
              .setMaxAbsLogRatio(0)
              .setGradientNorm(0)
              .setLearningRate(0)
              .setTrainedTokens(0)
              .setMeanLength(0)
              .build();
    };
  }

  /** Figures of the checkpoint event; {@code skipped} is 1 if the batch was unusable. */
  Map<String, Double> metrics() {
    Map<String, Double> metrics = new HashMap<>();
    metrics.put("meanReward", meanReward());
    switch (outcome) {
      case Outcome.Trained(StepStatistics statistics, List<OptionalLong> versions) -> {
        metrics.put("loss", statistics.loss());
        metrics.put("kl", statistics.kl());
        metrics.put("clipFraction", statistics.clipFraction());
        metrics.put("gradientNorm", statistics.gradientNorm());
        statistics.maxAbsLogRatio().ifPresent(ratio -> metrics.put("maxAbsLogRatio", ratio));
      }
      case Outcome.Skipped skipped -> metrics.put("skipped", 1.0);
    }
    return metrics;
  }

  /** Batches that the weights now include. */
  List<String> learnedBatchIds() {
    return switch (outcome) {
      case Outcome.Trained trained -> List.of(batch.batchId());
      case Outcome.Skipped skipped -> List.of();
    };
  }

  /**
   * @param before the version before the update
   */
  static Map<String, Integer> lagHistogram(long before, List<OptionalLong> policyVersions) {
    Map<String, Integer> histogram = new HashMap<>();
    for (OptionalLong version : policyVersions) {
      String lag = version.isPresent() ? Long.toString(before - version.getAsLong()) : "unknown";
      histogram.merge(lag, 1, Integer::sum);
    }
    return histogram;
  }

  double meanReward() {
    return batch.members().stream().mapToDouble(Member::reward).average().orElse(0);
  }
}
