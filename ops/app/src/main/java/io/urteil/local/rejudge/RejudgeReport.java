package io.urteil.local.rejudge;

/**
 * What another judge says of a past run, as written by {@code --report} and {@code --json}.
 *
 * @param run id of the run
 * @param judge the judge that was asked afterwards
 * @param against the judge of the run that it is compared with
 * @param runFile hash of the run file that describes the judge, as it was published
 * @param into prefix of the topics that hold its judgements and rewards
 * @param groups groups that were judged again
 * @param rollouts rollouts in them
 * @param expired rollouts that the run had and the log has no longer
 * @param seconds wall time of this call
 * @param agreement how far both judges agree, the run's own first
 */
public record RejudgeReport(
    String run,
    String judge,
    String against,
    String runFile,
    String into,
    long groups,
    long rollouts,
    long expired,
    double seconds,
    Agreement agreement) {}
