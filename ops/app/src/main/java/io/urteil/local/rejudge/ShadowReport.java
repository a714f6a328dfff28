package io.urteil.local.rejudge;

/**
 * The agreement report of a shadow judge, which {@code --report} and {@code --json} write.
 *
 * @param run id of the run
 * @param judge the shadow judge
 * @param against the judge of the run, the reference of the comparison
 * @param share sample rate of the shadow judge in the run file, in 0..1
 * @param shadowJudgements judgements of the shadow judge so far
 * @param judgements judgements of the judge of the run so far
 * @param agreement agreement over the rollouts judged by both, the judge of the run first
 */
public record ShadowReport(
    String run,
    String judge,
    String against,
    double share,
    long shadowJudgements,
    long judgements,
    Agreement agreement) {}
