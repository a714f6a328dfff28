package io.urteil.sampler.feed;

import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.run.TrainSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Which prompts are due, as a pure function of how far the run has come. Training prompts run one
 * batch ahead of what admission allows, so that a sampler never waits for the feeder, and no
 * further, so that no group's deadline passes while its prompt waits.
 *
 * @param groups groups in a batch, at most
 * @param byTokens whether batches may close with fewer
 * @param maxVersionsBehind how far sampling may be behind training
 * @param steps updates to make
 * @param evaluateEvery versions between two evaluations; 0 for none
 */
record FeedPlan(int groups, boolean byTokens, int maxVersionsBehind, int steps, int evaluateEvery) {

  static FeedPlan of(RunFile run) {
    EvaluateSection evaluate = run.evaluate();
    TrainSection train = run.train();
    return new FeedPlan(
        run.batch().groups(),
        run.batch().tokens() > 0,
        run.staleness().maxVersionsBehind(),
        train == null ? 0 : train.steps(),
        evaluate == null ? 0 : evaluate.every());
  }

  /**
   * Training prompts below this ordinal may be published.
   *
   * @param batched groups that left in batches
   * @param closed batches that closed
   */
  long trainingLimit(long version, long dropped, long batched, long closed) {
    long batches = Math.min(steps, version + maxVersionsBehind + 2L);
    return byTokens
        ? batched + Math.max(0, batches - closed) * groups + dropped
        : batches * groups + dropped;
  }

  /** The versions up to this one that are to be evaluated, oldest first. */
  List<Long> evaluated(long version) {
    List<Long> versions = new ArrayList<>();
    for (long v = 0; v <= version && evaluateEvery > 0; v++) {
      if (v % evaluateEvery == 0 || v == steps) {
        versions.add(v);
      }
    }
    return versions;
  }
}
