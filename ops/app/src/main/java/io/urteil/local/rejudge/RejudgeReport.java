package io.urteil.local.rejudge;

/**
 * The report of a rejudge session, which {@code --report} and {@code --json} write.
 *
 * @param run id of the run
 * @param judge the other judge
 * @param against the judge of the run, the reference of the comparison
 * @param runFile hash of the published run file with the other judge
 * @param into prefix of the topics with its judgements and rewards
 * @param groups rejudged groups
 * @param rollouts rollouts of these groups
 * @param expired rollouts of the run whose payload was deleted from the topic
 * @param seconds wall time of this call
 * @param agreement agreement of both judges, the judge of the run first
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
