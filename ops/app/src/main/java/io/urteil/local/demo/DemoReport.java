package io.urteil.local.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.urteil.event.PolicyUpdate;
import io.urteil.local.watch.HeldOutEvaluation;
import io.urteil.local.watch.RunStatistics;
import io.urteil.run.RunFile;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a demo, as written by {@code --report}. Every one is computed from the topics.
 *
 * @param run id of the run
 * @param steps updates made
 * @param seed of data and sampling
 * @param lag versions that sampling was behind, as asked
 * @param learningRate of AdamW
 * @param importance behaviour, or none for the ablation
 * @param accuracyBefore held-out accuracy of version 0, in 0..1
 * @param accuracyAfter held-out accuracy of the last version
 * @param consistencyBefore share of held-out pairs whose two orders name the same candidate,
 *     version 0
 * @param consistencyAfter the same for the last version
 * @param positionBiasBefore share of readable verdicts that prefer the first candidate, version 0
 * @param positionBiasAfter the same for the last version
 * @param lengthBefore mean tokens of a held-out rollout, version 0
 * @param lengthAfter the same for the last version
 * @param seconds wall time of this process's part of the run, evaluations included
 * @param rolloutsPerSecond rollouts learned from per second of training
 * @param lagHistogram rollouts learned from, by lag in versions
 * @param maxLogprobGap largest |trainer - sampler| log-probability where both had the same weights;
 *     null when no update had
 * @param maxLogRatio largest |trainer - sampler| log-probability over all updates
 * @param batchesTrained different batches learned from
 * @param meanRewardFirst mean reward of the first batch
 * @param meanRewardLast mean reward of the last batch
 * @param samplingShare share of the batches' time spent sampling; the four add up to 1
 * @param judgingShare judging
 * @param groupingShare grouping and batching
 * @param trainingShare training and writing checkpoints
 * @param checkpoint folder of the last version
 * @param curve one point an evaluation
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record DemoReport(
    String run,
    long steps,
    long seed,
    int lag,
    double learningRate,
    String importance,
    double accuracyBefore,
    double accuracyAfter,
    double consistencyBefore,
    double consistencyAfter,
    double positionBiasBefore,
    double positionBiasAfter,
    double lengthBefore,
    double lengthAfter,
    double seconds,
    double rolloutsPerSecond,
    SortedMap<Integer, Integer> lagHistogram,
    @Nullable Double maxLogprobGap,
    double maxLogRatio,
    long batchesTrained,
    double meanRewardFirst,
    double meanRewardLast,
    double samplingShare,
    double judgingShare,
    double groupingShare,
    double trainingShare,
    String checkpoint,
    List<HeldOutEvaluation> curve) {

  static DemoReport of(RunFile run, RunStatistics figures, double seconds) {
    RunFile.Train train = Objects.requireNonNull(run.train(), "train");
    RunFile.Data data = Objects.requireNonNull(run.data(), "data");
    List<HeldOutEvaluation> curve = List.copyOf(figures.evaluations().values());
    HeldOutEvaluation before = curve.getFirst();
    HeldOutEvaluation after = curve.getLast();
    List<PolicyUpdate> updates = List.copyOf(figures.updates().values());
    double total = Math.max(1e-9, figures.shares().totalMillis());
    double gap = figures.maxLogprobGap();
    return new DemoReport(
        run.run(),
        figures.step(),
        data.seed(),
        run.staleness().maxVersionsBehind(),
        train.learningRate(),
        train.importance().name().toLowerCase(Locale.ROOT),
        before.accuracy(),
        after.accuracy(),
        before.consistency(),
        after.consistency(),
        before.positionBias(),
        after.positionBias(),
        before.meanLength(),
        after.meanLength(),
        seconds,
        figures.rolloutsPerSecond(),
        figures.lagHistogram(),
        Double.isNaN(gap) ? null : gap,
        updates.stream().mapToDouble(u -> u.getMaxAbsLogRatio()).max().orElse(0),
        figures.batchesTrained(),
        updates.getFirst().getMeanReward(),
        updates.getLast().getMeanReward(),
        figures.shares().samplingMillis() / total,
        figures.shares().judgingMillis() / total,
        figures.shares().groupingMillis() / total,
        figures.shares().trainingMillis() / total,
        figures.newestCheckpoint().map(c -> c.getUri()).orElse(""),
        curve);
  }
}
