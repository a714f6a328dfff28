package io.urteil.local.rejudge;

/**
 * What a shadow judge says beside a judge of its run, as written by {@code --report} and {@code
 * --json}.
 *
 * @param run id of the run
 * @param judge the shadow judge
 * @param against the judge of the run that it is compared with
 * @param share of the groups that it judges, by the run file
 * @param shadowJudgements its judgements so far
 * @param judgements the other's so far
 * @param agreement how far both agree over what both have judged, the run's own first
 */
public record ShadowReport(
    String run,
    String judge,
    String against,
    double share,
    long shadowJudgements,
    long judgements,
    Agreement agreement) {}
