package io.urteil.sampler.feed;

import io.urteil.run.EvaluateSection;
import io.urteil.run.RunFile;
import io.urteil.run.TrainSection;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the due prompts from the progress of the run. Pure. Training prompts are published one
 * batch ahead of admission, so that samplers do not wait for the feeder; a larger lead could let
 * groups expire before they are sampled.
 *
 * @param groups maximum number of groups per batch
 * @param byTokens whether batches close by tokens, possibly with fewer groups
 * @param maxVersionsBehind maximum policy lag
 * @param steps total number of updates
 * @param evaluateEvery number of versions between two evaluations; 0 for none
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
   * The ordinal below which training prompts may be published.
   *
   * @param version newest published version
   * @param dropped number of groups that will not be in a batch
   * @param batched number of groups in closed batches
   * @param closed number of closed batches
   */
  long trainingLimit(long version, long dropped, long batched, long closed) {
    long batches = Math.min(steps, version + maxVersionsBehind + 2L);
    return byTokens
        ? batched + Math.max(0, batches - closed) * groups + dropped
        : batches * groups + dropped;
  }

  /** The versions to evaluate up to this one, oldest first. */
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
