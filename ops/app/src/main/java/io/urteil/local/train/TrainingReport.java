package io.urteil.local.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.urteil.event.PolicyUpdate;
import io.urteil.local.watch.HeldOutEvaluation;
import io.urteil.local.watch.RunStatistics;
import io.urteil.run.DataSection;
import io.urteil.run.RunFile;
import io.urteil.run.TrainSection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run in this process, which {@code --report} writes as one JSON object. Every
 * figure is computed from the topics.
 *
 * @param lagHistogram trained rollouts by policy lag in versions
 * @param checkpoint folder of the last version
 * @param curve one point per held-out evaluation; empty without the section {@code evaluate}
 * @param updates one point per update
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TrainingReport(
    @JsonUnwrapped Settings settings,
    @JsonUnwrapped HeldOut heldOut,
    @JsonUnwrapped Speed speed,
    SortedMap<Integer, Integer> lagHistogram,
    @JsonUnwrapped LogProbabilities logProbabilities,
    @JsonUnwrapped Training training,
    @JsonUnwrapped(suffix = "Share") Shares shares,
    String checkpoint,
    List<HeldOutEvaluation> curve,
    List<Update> updates) {

  /**
   * One update.
   *
   * @param version the version it produced
   * @param rollouts rollouts it was trained on; 0 if the batch held none, and the weights are those
   *     of the version before
   * @param meanReward mean raw reward of the batch
   * @param meanLength mean trained tokens of a rollout
   * @param loss value of the objective
   * @param gradientNorm norm of the gradient before clipping
   * @param kl divergence from the reference policy; 0 without one
   */
  public record Update(
      long version,
      int rollouts,
      double meanReward,
      double meanLength,
      double loss,
      double gradientNorm,
      double kl) {

    private static Update of(PolicyUpdate update) {
      return new Update(
          update.getVersion(),
          update.getRollouts(),
          update.getMeanReward(),
          update.getMeanLength(),
          update.getLoss(),
          update.getGradientNorm(),
          update.getKl());
    }
  }

  /**
   * Settings of the run, and the number of updates.
   *
   * @param run id of the run
   * @param steps completed updates
   * @param seed seed of data and sampling
   * @param lag policy lag of sampling in versions, as configured
   * @param learningRate learning rate of AdamW
   * @param importance behaviour, or none for the ablation
   */
  public record Settings(
      String run, long steps, long seed, int lag, double learningRate, String importance) {}

  /**
   * Held-out figures of version 0 (before) and of the last version (after); null without the
   * section {@code evaluate}.
   *
   * @param accuracyBefore share of correct verdicts, in 0..1
   * @param positionConsistentAccuracyBefore share of pairs with a correct verdict in both orders
   * @param consistencyBefore share of pairs with the same preferred candidate in both orders, right
   *     or wrong
   * @param positionBiasBefore share of readable verdicts that prefer the first candidate
   * @param lengthBefore mean response tokens
   */
  public record HeldOut(
      @Nullable Double accuracyBefore,
      @Nullable Double accuracyAfter,
      @Nullable Double positionConsistentAccuracyBefore,
      @Nullable Double positionConsistentAccuracyAfter,
      @Nullable Double consistencyBefore,
      @Nullable Double consistencyAfter,
      @Nullable Double positionBiasBefore,
      @Nullable Double positionBiasAfter,
      @Nullable Double lengthBefore,
      @Nullable Double lengthAfter) {

    private static HeldOut of(List<HeldOutEvaluation> curve) {
      if (curve.isEmpty()) {
        return new HeldOut(null, null, null, null, null, null, null, null, null, null);
      }
      HeldOutEvaluation before = curve.getFirst();
      HeldOutEvaluation after = curve.getLast();
      return new HeldOut(
          before.accuracy(),
          after.accuracy(),
          before.positionConsistentAccuracy(),
          after.positionConsistentAccuracy(),
          before.consistency(),
          after.consistency(),
          before.positionBias(),
          after.positionBias(),
          before.meanLength(),
          after.meanLength());
    }
  }

  /**
   * Times.
   *
   * @param seconds wall time of this process, evaluations included
   * @param rolloutsPerSecond trained rollouts per second, from the first dispatch to the last
   *     update
   */
  public record Speed(double seconds, double rolloutsPerSecond) {}

  /**
   * Absolute differences between the log-probabilities of trainer and sampler.
   *
   * @param maxLogprobGap the largest over updates whose rollouts were sampled with the updated
   *     weights; null without such an update
   * @param maxLogRatio the largest over all updates
   */
  public record LogProbabilities(@Nullable Double maxLogprobGap, double maxLogRatio) {}

  /**
   * The trained batches.
   *
   * @param batchesTrained distinct batches
   * @param meanRewardFirst mean reward of the first batch
   * @param meanRewardLast mean reward of the last batch
   */
  public record Training(long batchesTrained, double meanRewardFirst, double meanRewardLast) {}

  /**
   * Shares of the batches' time; their sum is 1.
   *
   * @param grouping grouping and batching
   * @param training training and writing checkpoints
   */
  public record Shares(double sampling, double judging, double grouping, double training) {

    private static Shares of(RunStatistics figures) {
      double total = Math.max(1e-9, figures.shares().totalMillis());
      return new Shares(
          figures.shares().samplingMillis() / total,
          figures.shares().judgingMillis() / total,
          figures.shares().groupingMillis() / total,
          figures.shares().trainingMillis() / total);
    }
  }

  static TrainingReport of(RunFile run, RunStatistics figures, double seconds) {
    TrainSection train = Objects.requireNonNull(run.train(), "train");
    DataSection data = Objects.requireNonNull(run.data(), "data");
    List<HeldOutEvaluation> curve = List.copyOf(figures.evaluations().values());
    List<PolicyUpdate> updates = List.copyOf(figures.updates().values());
    double gap = figures.maxLogprobGap();
    return new TrainingReport(
        new Settings(
            run.run(),
            figures.step(),
            data.seed(),
            run.staleness().maxVersionsBehind(),
            train.learningRate(),
            train.importance().name().toLowerCase(Locale.ROOT)),
        HeldOut.of(curve),
        new Speed(seconds, figures.rolloutsPerSecond()),
        figures.lagHistogram(),
        new LogProbabilities(
            Double.isNaN(gap) ? null : gap,
            updates.stream().mapToDouble(u -> u.getMaxAbsLogRatio()).max().orElse(0)),
        new Training(
            figures.batchesTrained(),
            updates.getFirst().getMeanReward(),
            updates.getLast().getMeanReward()),
        Shares.of(figures),
        figures.newestCheckpoint().map(c -> c.getUri()).orElse(""),
        curve,
        updates.stream().map(Update::of).toList());
  }
}
